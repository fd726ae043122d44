/** Child processes, threads, ports and watchers on a maker's books. */
import { type EventEmitter, errorMonitor } from 'node:events';
import { unwatchFile } from 'node:fs';
import { descendantsOf, isRunning } from './descendants.js';
import { type Handle, isOpen, whenStarted, whenTold } from './handle.js';
import { HandleMade, ignore, type Owner } from './handle_made.js';
import type { State } from './made.js';
import type { Place } from './place.js';

// Taken before any test can replace it.
const kill = process.kill.bind(process);

export class ProcessMade extends HandleMade {
  readonly kind = 'process';
  /** What it has started, which is killed with it. */
  #descendants: readonly number[] | undefined;

  override state(): State {
    const { owner } = this;
    if (owner?.pid === undefined || owner.exitCode !== null || owner.signalCode !== null) return 'gone';
    return owner.killed === true || isAtEnd(owner) ? 'closing' : 'left';
  }

  describe(): string {
    const { pid, spawnargs } = this.owner ?? {};
    return `child process ${pid}, ${shortened((spawnargs ?? []).join(' '))}`;
  }

  /** It is over before its pipes are, and what it has started after it. */
  isHeld(): boolean {
    const { owner } = this;
    if (isOpen(this.handle) || owner?.connected === true) return true;
    this.#descendants = this.#descendants?.filter(isRunning);
    return (this.#descendants ?? []).length > 0 || owner?.stdio?.some((pipe) => pipe?.closed === false) === true;
  }

  protected override end(owner: Owner): void {
    // Asked once: those of one that was killed are nobody's.
    this.#descendants ??= owner.pid === undefined ? [] : descendantsOf(owner.pid);
    owner.kill?.('SIGKILL');
    for (const pid of this.#descendants) killOther(pid);
    for (const pipe of owner.stdio ?? []) {
      pipe?.on?.('error', ignore);
      pipe?.destroy?.();
    }
  }
}

function killOther(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // It has ended with its parent, or is another user's: then it is waited for in vain.
  }
}

/** The inner object of a Worker. */
interface ThreadHandle extends Handle {
  readonly threadId?: number;
  stopThread?(): void;
}

/** Threads whose Workers are about to be told of. */
const newThreads = new Set<WorkerMade>();

/** Listens to `worker` of `process`, by which Node tells of each one in the tick after it is made. */
export function workerMade(worker: EventEmitter & { readonly threadId: number }): void {
  for (const made of newThreads) {
    if (made.threadId !== worker.threadId) continue;
    newThreads.delete(made);
    // It ends by itself then, a moment later.
    worker.on(errorMonitor, () => made.failed());
  }
}

export class WorkerMade extends HandleMade {
  readonly kind = 'worker';
  #state: State = 'left';

  constructor(handle: object, place: Place) {
    super(handle, place);
    whenTold(handle, 'onexit', () => {
      this.#state = 'gone';
    });
    const thread = handle as ThreadHandle;
    const { stopThread } = thread;
    thread.stopThread = () => {
      if (this.#state === 'left') this.#state = 'closing';
      stopThread?.call(thread);
    };
    newThreads.add(this);
  }

  get threadId(): number | undefined {
    return (this.handle as ThreadHandle).threadId;
  }

  /** Nobody has caught what was thrown in the thread. */
  failed(): void {
    if (this.#state === 'left') this.#state = 'closing';
  }

  override state(): State {
    return this.#state;
  }

  describe(): string {
    return `worker thread ${this.threadId ?? ''}`.trimEnd();
  }

  override close(): void {
    (this.handle as ThreadHandle).stopThread?.();
  }
}

export class PortMade extends HandleMade {
  readonly kind = 'port';

  describe(): string {
    return this.place.includes('BroadcastChannel') ? 'BroadcastChannel' : 'MessagePort of a MessageChannel';
  }
}

export class WatcherMade extends HandleMade {
  readonly kind = 'watcher';
  /** Of fs.watchFile. */
  #file: string | undefined;

  constructor(handle: object, place: Place) {
    super(handle, place);
    if (handle.constructor.name !== 'StatWatcher') return;
    whenStarted(handle, (file) => {
      this.#file = file;
    });
  }

  override state(): State {
    if (!isOpen(this.handle)) return 'gone';
    // One that asks for the state of a file waits for the answer first.
    return this.owner?._handle === null ? 'closing' : 'left';
  }

  describe(): string {
    return this.owner?.constructor.name === 'StatWatcher' ? 'fs.watchFile' : 'fs.watch';
  }

  protected override end(owner: Owner): void {
    // Node finds it by its file: one that is just stopped is what the next one who asks for that file is given.
    if (this.#file !== undefined) unwatchFile(this.#file);
    else if (owner.close === undefined && owner.stop !== undefined) owner.stop();
    else super.end(owner);
  }
}

/** Whether all of a process's output that anybody reads has ended: the process is ending. */
function isAtEnd({ stdout, stderr }: Owner): boolean {
  const read = [stdout, stderr].filter((output) => output?.readableFlowing != null || output?.readableEnded);
  return read.length > 0 && read.every((output) => output?.readableEnded);
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
