/** Threads that do work one piece after the other. */
import { AsyncResource } from 'node:async_hooks';
import type { Worker } from 'node:worker_threads';
import { err } from '../log/publisher.js';
import { Deferred } from './deferred.js';
import { CancelledError, ThreadDied } from './errors.js';
import { Fifo } from './fifo.js';
import { type FromThread, type ModuleFunction, unpackError, type Work } from './thread_message.js';
import { threadPreload } from './thread_preload.js';

/** How a pool of threads is made. */
export interface ThreadPoolOptions {
  /** How many threads there may be, 1 or more; by default as many as the machine runs at a time, and at least 2. */
  readonly size?: number;
}

interface Task {
  readonly message: Work;
  readonly label: string;
  readonly deferred: Deferred<unknown>;
  /** The async context that the work was asked for in: its callbacks run there. */
  readonly context: AsyncResource;
}

interface Thread {
  readonly worker: Worker;
  task: Task | undefined;
}

const MAX_LABEL = 40;

/**
 * A pool of worker threads. A thread is made when there is work and none is free; it is used again, and does not keep
 * the process alive while it has nothing to do.
 */
export class ThreadPool {
  /** How many threads there may be. */
  readonly size: number;
  readonly #threads = new Set<Thread>();
  readonly #free: Thread[] = [];
  readonly #queue = new Fifo<Task>();
  #stopped: Deferred<void> | undefined;

  /** @throws RangeError if the size is no whole number of 1 or more. */
  constructor({ size = defaultSize() }: ThreadPoolOptions = {}) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`Cannot make a pool of ${size} threads. Pass a whole number of 1 or more.`);
    }
    this.size = size;
  }

  /** How many threads there are. */
  get threads(): number {
    return this.#threads.size;
  }

  /** How much work waits for a thread. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Whether `stop` was called. */
  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  /**
   * Calls a function in a thread.
   *
   * @param f - A self-contained function, sent as source, or `{ module, name }`.
   * @param args - Structured clones of them are what it is called with.
   * @returns A Deferred of what it returns. Cancelling it takes work back that has not begun; of work that has begun the
   * result is ignored.
   */
  run(f: ((...args: never[]) => unknown) | ModuleFunction, args: readonly unknown[]): Deferred<unknown> {
    const label = typeof f === 'function' ? f.name || 'an anonymous function' : f.name;
    const deferred = new Deferred<unknown>(() => this.#queue.remove(task));
    const work = typeof f === 'function' ? { source: String(f), label } : { module: f.module, name: f.name };
    const context = new AsyncResource('ThreadWork', { requireManualDestroy: true });
    const task: Task = { message: { work, args }, label, deferred, context };
    if (this.#stopped !== undefined) {
      deferred.errback(new CancelledError(`Cannot call ${label} in a thread: the pool was stopped.`));
      return deferred;
    }
    this.#queue.push(task);
    this.#next();
    return deferred;
  }

  /** Does the work that is there, takes no more, and ends the threads. Fires when they have ended. */
  stop(): Deferred<void> {
    this.#stopped ??= new Deferred();
    const done = new Deferred<void>();
    this.#stopped.addCallback(() => done.callback());
    this.#next();
    return done;
  }

  /** Gives out work as long as there is some and a thread for it. */
  #next(): void {
    while (this.#queue.size > 0) {
      const thread = this.#free.pop() ?? (this.#threads.size < this.size ? this.#start() : undefined);
      if (thread === undefined) return;
      const task = this.#queue.shift();
      if (task === undefined || !this.#give(thread, task)) this.#free.push(thread);
    }
    if (this.#stopped === undefined) return;
    for (const { worker } of this.#free.splice(0)) void worker.terminate();
    if (this.#threads.size === 0 && !this.#stopped.called) this.#stopped.callback();
  }

  /** Gives a piece of work to a thread. Returns false when its arguments cannot be cloned: it has failed then. */
  #give(thread: Thread, task: Task): boolean {
    try {
      thread.worker.postMessage(task.message);
    } catch (error) {
      task.deferred.errback(error);
      return false;
    }
    thread.task = task;
    thread.worker.ref();
    return true;
  }

  #start(): Thread {
    // Loaded here, since most programs have no use for threads.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(entry(), { name: 'txtrial', workerData: { preload: threadPreload() } });
    const thread: Thread = { worker, task: undefined };
    worker.unref();
    this.#threads.add(thread);
    worker.on('message', (message: FromThread) => this.#heard(thread, message));
    worker.on('error', (error) => this.#failed(thread, error));
    worker.on('exit', (code) => this.#ended(thread, code));
    return thread;
  }

  #heard(thread: Thread, message: FromThread): void {
    if (message.type === 'call') {
      void callHere(message.f, message.args);
      return;
    }
    thread.worker.unref();
    this.#finish(thread, (d) => {
      if (message.type === 'result') d.callback(message.value);
      else d.errback(unpackError(message.error));
    });
    this.#free.push(thread);
    this.#next();
  }

  #finish(thread: Thread, fire: (d: Deferred<unknown>) => void): void {
    const { task } = thread;
    thread.task = undefined;
    // A cancelled one has its CancelledError already.
    if (task !== undefined && !task.deferred.called) task.context.runInAsyncScope(fire, undefined, task.deferred);
  }

  #failed(thread: Thread, error: unknown): void {
    if (thread.task === undefined) err(error, 'A thread failed after its work was done:');
    else this.#finish(thread, (d) => d.errback(error));
  }

  #ended(thread: Thread, code: number): void {
    this.#threads.delete(thread);
    const at = this.#free.indexOf(thread);
    if (at !== -1) this.#free.splice(at, 1);
    const label = thread.task?.label.slice(0, MAX_LABEL);
    this.#finish(thread, (d) =>
      d.errback(new ThreadDied(`The thread that ran ${label} ended with exit code ${code}.`)),
    );
    this.#next();
  }
}

/** @internal Calls an export of a module on this thread. What goes wrong is logged. */
export async function callHere({ module, name }: ModuleFunction, args: readonly unknown[]): Promise<void> {
  try {
    const f: unknown = (await import(module))[name];
    if (typeof f !== 'function') throw new TypeError(`Cannot call ${name} of ${module}: it is no function.`);
    await f(...args);
  } catch (error) {
    err(error, `A call of ${name} from a thread failed:`);
  }
}

function defaultSize(): number {
  return Math.max(2, process.getBuiltinModule('node:os').availableParallelism());
}

/** The file that runs in a thread: it is built beside this one. */
function entry(): URL {
  const here = import.meta.url;
  return new URL('src/internet/thread_entry.js', here.slice(0, here.lastIndexOf('/dist/') + 6));
}
