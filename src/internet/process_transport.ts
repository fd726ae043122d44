/** A child process, as its protocol sees it. */
import { AsyncResource } from 'node:async_hooks';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { inspect } from 'node:util';
import type { Consumer, Producer } from './consumer.js';
import { ProcessDone, ProcessExitedAlready, ProcessTerminated } from './errors.js';
import { Failure } from './failure.js';
import { logPrefix } from './log_prefix.js';
import type { SystemError } from './node_errors.js';
import { soon } from './node_timers.js';
import type { Origin } from './origin.js';
import { Outgoing, requireData } from './outgoing.js';
import type { ProcessProtocol } from './process_protocol.js';
import { ProtocolCaller } from './protocol_caller.js';
import type { ReactorHost, Selectable } from './reactor_host.js';

/** How a process is started. */
export interface SpawnOptions {
  /** Its environment; empty by default, null for that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | null;
  /** Its working directory; that of this process by default. */
  readonly path?: string | null;
  /** A terminal of its own; it can not be had. */
  readonly usePTY?: boolean;
}

/**
 * A child process.
 *
 * @see Twisted, IProcessTransport
 */
export class ProcessTransport implements Selectable, Consumer {
  readonly origin: Origin | undefined;
  /** @internal */
  place = -1;
  readonly #protocol: ProcessProtocol;
  readonly #executable: string;
  readonly #reactor: ReactorHost;
  readonly #caller: ProtocolCaller;
  readonly #openFDs = new Set([0, 1, 2]);
  #child: ChildProcessWithoutNullStreams | undefined;
  #input: Outgoing | undefined;
  #closing = false;
  #discarded = false;
  #exit: Failure | undefined;
  #ended = false;

  /** @internal Made by `spawnProcess`. */
  constructor(reactor: ReactorHost, protocol: ProcessProtocol, executable: string, origin: Origin | undefined) {
    this.#reactor = reactor;
    this.#protocol = protocol;
    const scope = new AsyncResource('ProcessTransport', { requireManualDestroy: true });
    this.#caller = new ProtocolCaller(scope, logPrefix(protocol));
    this.#executable = executable;
    this.origin = origin;
  }

  /** The number of the process; null when it has ended or could not be started. */
  get pid(): number | null {
    return this.#exit === undefined ? (this.#child?.pid ?? null) : null;
  }

  get closing(): boolean {
    return this.#closing || this.#exit !== undefined;
  }

  /** @internal */
  start(args: readonly string[], { env = {}, path }: SpawnOptions): void {
    this.#reactor.selectables.add(this);
    try {
      const child = process.getBuiltinModule('node:child_process').spawn(this.#executable, args.slice(1), {
        argv0: args[0] ?? this.#executable,
        env: env ?? process.env,
        ...(path ? { cwd: path } : undefined),
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      this.#child = child;
      this.#input = new Outgoing(child.stdin);
      child.on('error', (error) => {
        if (child.pid === undefined) this.#whenRunning(() => this.#failed(error));
      });
      child.on('exit', (code, signal) => this.#whenRunning(() => this.#exited(code, signal)));
      // A pipe that breaks is closed then, and that the protocol hears.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
      child.stdin.on('close', () => this.#whenRunning(() => this.#lost(0)));
      if (child.pid !== undefined) this.#whenRunning(() => this.#read(child));
    } catch (error) {
      soon(() => this.#whenRunning(() => this.#failed(error as SystemError)));
    }
    this.#tell(() => this.#protocol.makeConnection(this));
  }

  /** Sends data to the standard input of the process; ignored when that is closed. */
  write(data: Uint8Array | string): void {
    requireData(data);
    if (this.#child?.stdin.writable) this.#input?.write(data);
  }

  /**
   * Has `producer` paused while the standard input of the process is full, and resumed when there is room.
   *
   * @param producer - One at a time. It is stopped when the process reads no more.
   * @param streaming - True for a push producer, false for a pull producer.
   * @throws Error when another one is registered.
   */
  registerProducer(producer: Producer, streaming: boolean): void {
    const alive = (): boolean => this.#child?.stdin.writable ?? false;
    if (this.#input === undefined) producer.stopProducing();
    else this.#input.register(producer, streaming, { alive, call: (f) => this.#tell(f) });
  }

  /** The producer has made all that it had to; if `closeStdin()` was called before, the standard input is closed now. */
  unregisterProducer(): void {
    this.#input?.unregister();
  }

  /** Reads no more of what the process writes, until `resumeProducing()`. */
  pauseProducing(): void {
    this.#child?.stdout.pause();
    this.#child?.stderr.pause();
  }

  /** Reads again. */
  resumeProducing(): void {
    this.#child?.stdout.resume();
    this.#child?.stderr.resume();
  }

  /** The same as `loseConnection()`. */
  stopProducing(): void {
    this.loseConnection();
  }

  /** Sends several pieces. */
  writeSequence(pieces: Iterable<Uint8Array | string>): void {
    for (const piece of pieces) this.write(piece);
  }

  /** Closes the standard input of the process when all that was written is sent, and a registered producer has finished. */
  closeStdin(): void {
    this.#input?.end();
  }

  /** Closes this end of the standard output. */
  closeStdout(): void {
    this.#child?.stdout.destroy();
  }

  /** Closes this end of the standard error. */
  closeStderr(): void {
    this.#child?.stderr.destroy();
  }

  /**
   * Closes a pipe.
   *
   * @param childFD - 0, 1 or 2.
   * @throws RangeError for another number.
   */
  closeChildFD(childFD: number): void {
    if (childFD === 0) this.closeStdin();
    else if (childFD === 1) this.closeStdout();
    else if (childFD === 2) this.closeStderr();
    else throw new RangeError(`Cannot close the descriptor ${childFD} of ${this}: it has 0, 1 and 2.`);
  }

  /** Closes all pipes. The process goes on as long as it likes. */
  loseConnection(): void {
    this.#closing = true;
    this.closeStdin();
    this.closeStderr();
    this.closeStdout();
  }

  /**
   * Sends a signal.
   *
   * @param signal - A name, with or without `SIG`, or a number.
   * @throws ProcessExitedAlready when the process has ended; TypeError for a name that is none.
   */
  signalProcess(signal: string | number): void {
    const { pid } = this;
    if (pid === null) throw new ProcessExitedAlready(`Cannot signal ${this}: it has ended.`);
    const name = typeof signal === 'string' && !signal.startsWith('SIG') ? `SIG${signal}` : signal;
    if (typeof name === 'string' && !Object.hasOwn(signals(), name)) {
      throw new TypeError(`Cannot signal ${this}: there is no signal '${signal}'.`);
    }
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as SystemError).code !== 'ESRCH') throw error;
      throw new ProcessExitedAlready(`Cannot signal ${this}: it has ended.`, { cause: error });
    }
    if (name === 'SIGKILL' || name === signals().SIGKILL) this.#closing = true;
  }

  discard(): void {
    this.#discarded = true;
    this.#child?.kill('SIGKILL');
    this.#destroyPipes();
    this.#reactor.selectables.delete(this);
  }

  disconnect(): void {
    // As in Twisted the process goes on; its pipes are closed.
    this.#destroyPipes();
    this.#child?.unref();
    for (const fd of [...this.#openFDs]) this.#lost(fd);
    this.#discarded = true;
    this.#reactor.selectables.delete(this);
  }

  /** `<Process /bin/cat pid=4711>` */
  toString(): string {
    return `<Process ${this.#executable} pid=${this.#child?.pid ?? 'none'}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #read(child: ChildProcessWithoutNullStreams): void {
    for (const [fd, stream] of [
      [1, child.stdout],
      [2, child.stderr],
    ] as const) {
      stream.on('close', () => this.#lost(fd));
      stream.on('data', (data: Buffer) => {
        this.#tell(
          () => this.#protocol.childDataReceived(fd, data),
          () => stream.destroy(),
        );
      });
    }
  }

  #failed(error: SystemError): void {
    const text = `Cannot run ${this.#executable}: ${error.message}\n`;
    this.#tell(() => this.#protocol.childDataReceived(2, Buffer.from(text)));
    for (const fd of [...this.#openFDs]) this.#lost(fd);
    this.#exited(1, null);
  }

  #exited(code: number | null, name: NodeJS.Signals | null): void {
    if (this.#exit !== undefined) return;
    const signal = name === null ? null : (signals()[name] ?? null);
    const reason = code === 0 ? new ProcessDone() : new ProcessTerminated(code, signal, signal ?? (code ?? 0) * 256);
    const exit = new Failure(reason);
    this.#exit = exit;
    this.#tell(() => this.#protocol.processExited(exit));
    this.#maybeEnded();
  }

  #lost(fd: number): void {
    if (!this.#openFDs.delete(fd)) return;
    if (fd === 0) {
      const producer = this.#input?.release();
      if (producer !== undefined) this.#tell(() => producer.stopProducing());
    }
    this.#tell(() => this.#protocol.childConnectionLost(fd));
    this.#maybeEnded();
  }

  #maybeEnded(): void {
    const exit = this.#exit;
    if (exit === undefined || this.#openFDs.size > 0 || this.#ended) return;
    this.#ended = true;
    this.#reactor.selectables.delete(this);
    this.#tell(() => this.#protocol.processEnded(exit));
  }

  #destroyPipes(): void {
    this.#child?.stdin.destroy();
    this.#child?.stdout.destroy();
    this.#child?.stderr.destroy();
  }

  #whenRunning(f: () => void): void {
    if (!this.#discarded) this.#reactor.whenRunning(f);
  }

  /** Calls the user's code; what it throws is logged. */
  #tell(f: () => void, failed?: () => void): void {
    if (this.#discarded) return;
    if (this.#caller.tell(f) !== undefined) failed?.();
  }
}

// Loaded when it is first needed, as Node's other modules that no start needs.
function signals(): Readonly<Record<string, number>> {
  return process.getBuiltinModule('node:os').constants.signals;
}
