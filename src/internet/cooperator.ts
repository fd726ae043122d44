/** Long work in small steps, so that everything else goes on between them. */
import { Deferred } from './deferred.js';
import { NotPaused, SchedulerStopped, TaskDone, TaskFailed, type TaskFinished, TaskStopped } from './errors.js';
import { Failure } from './failure.js';
import { reactor } from './reactor.js';
import type { PendingCall } from './reactor_time.js';
import { isThenable } from './thenable.js';

/** Says whether the steps of one turn have taken long enough. */
export type TerminationPredicate = () => boolean;

/** Has `tick` called soon. */
export type Scheduler = (tick: () => void) => PendingCall;

/** How a Cooperator shares out time. */
export interface CooperatorOptions {
  /** Is called once a turn and makes what is asked after each step; by default a turn ends after 10 ms. */
  readonly terminationPredicateFactory?: () => TerminationPredicate;
  /** Begins a turn; by default through the reactor. */
  readonly scheduler?: Scheduler;
  /** Whether it runs from the beginning, or waits for `start()`; true by default. */
  readonly started?: boolean;
}

const SLICE_MS = 10;
// As soon as possible, but after what the reactor has to do first.
const SOON = 1e-8;

function timeSlice(): TerminationPredicate {
  const end = performance.now() + SLICE_MS;
  return () => performance.now() >= end;
}

function throughReactor(tick: () => void): PendingCall {
  return reactor.callLater(SOON, tick);
}

/**
 * One piece of work that a Cooperator does step by step: each `next()` of an iterator is a step, and a Deferred or
 * promise that it yields is waited for.
 *
 * @see Twisted, task.CooperativeTask
 */
export class CooperativeTask<I extends Iterator<unknown> = Iterator<unknown>> {
  readonly #iterator: I;
  readonly #cooperator: Cooperator;
  #waiting: Deferred<I>[] = [];
  #pauses = 0;
  #completion: { readonly error: Error; readonly result: I | Failure } | undefined;

  /** @internal Use `cooperate`. */
  constructor(iterator: I, cooperator: Cooperator) {
    this.#iterator = iterator;
    this.#cooperator = cooperator;
    cooperator.addTask(this);
  }

  /** Fires with the iterator when it has come to its end, or fails with what it threw, TaskStopped or SchedulerStopped. */
  whenDone(): Deferred<I> {
    const d = new Deferred<I>();
    if (this.#completion === undefined) this.#waiting.push(d);
    else d.callback(this.#completion.result as I);
    return d;
  }

  /**
   * Holds the work until `resume` has been called as often.
   *
   * @throws TaskDone, TaskFailed, TaskStopped or SchedulerStopped when it is over.
   */
  pause(): void {
    this.#requireUnfinished();
    this.#pauses++;
    if (this.#pauses === 1) this.#cooperator.removeTask(this);
  }

  /**
   * Ends one `pause`.
   *
   * @throws NotPaused if there is none.
   */
  resume(): void {
    if (this.#pauses === 0) throw new NotPaused('Cannot resume a task that is not paused.');
    this.#pauses--;
    if (this.#pauses === 0 && this.#completion === undefined) this.#cooperator.addTask(this);
  }

  /**
   * Ends the work: `whenDone` fails with TaskStopped.
   *
   * @throws TaskDone, TaskFailed, TaskStopped or SchedulerStopped when it is over.
   */
  stop(): void {
    this.#requireUnfinished();
    const stopped = new TaskStopped('The task was stopped.');
    this.completeWith(stopped, new Failure(stopped));
  }

  /** @internal */
  completeWith(error: TaskFinished | SchedulerStopped, result: I | Failure): void {
    this.#completion = { error, result };
    if (this.#pauses === 0) this.#cooperator.removeTask(this);
    // Last of all, since a callback may do anything with other tasks of the Cooperator.
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const d of waiting) d.callback(result as I);
  }

  /** @internal */
  step(): void {
    let done: boolean | undefined;
    let value: unknown;
    try {
      ({ done, value } = this.#iterator.next());
      if (!done && isThenable(value)) value = value instanceof Deferred ? value : Deferred.fromPromise(value);
    } catch (error) {
      this.#failWith(new Failure(error));
      return;
    }
    if (done) {
      this.completeWith(new TaskDone('The task has come to its end.'), this.#iterator);
      return;
    }
    if (!(value instanceof Deferred)) return;
    this.pause();
    value.addCallbacks(
      () => this.resume(),
      (failure) => this.#failWith(failure),
    );
  }

  #failWith(failure: Failure): void {
    this.completeWith(new TaskFailed(`The task has failed: ${failure.getErrorMessage()}`), failure);
  }

  #requireUnfinished(): void {
    if (this.#completion !== undefined) throw this.#completion.error;
  }
}

/**
 * Does the steps of several tasks in turn, and lets everything else go on between.
 *
 * @see Twisted, task.Cooperator: same meaning. There `stop()` passes by every second task.
 */
export class Cooperator {
  #tasks: CooperativeTask[] = [];
  // The round goes on where the last turn ended, also when tasks come and go meanwhile.
  #round: { readonly tasks: readonly CooperativeTask[]; next: number } = { tasks: [], next: 0 };
  #pending: PendingCall | undefined;
  #stopped = false;
  #started: boolean;
  #scheduleOnStart = false;
  readonly #makePredicate: () => TerminationPredicate;
  readonly #scheduler: Scheduler;

  constructor(options: CooperatorOptions = {}) {
    const { terminationPredicateFactory = timeSlice, scheduler = throughReactor, started = true } = options;
    this.#makePredicate = terminationPredicateFactory;
    this.#scheduler = scheduler;
    this.#started = started;
  }

  /** Whether it does steps: started and not stopped. */
  get running(): boolean {
    return this.#started && !this.#stopped;
  }

  /** Does the work of an iterator, a generator for one. */
  cooperate<I extends Iterator<unknown>>(iterator: I): CooperativeTask<I> {
    return new CooperativeTask(iterator, this);
  }

  /**
   * Does the work of an iterator.
   *
   * @param done - Is fired at the end; a new Deferred by default.
   * @returns `done`, which fires as `CooperativeTask.whenDone` does.
   */
  coiterate<I extends Iterator<unknown>>(iterator: I, done: Deferred<I> = new Deferred()): Deferred<I> {
    this.cooperate(iterator).whenDone().chainDeferred(done);
    return done;
  }

  /** Begins, or begins again. */
  start(): void {
    this.#stopped = false;
    this.#started = true;
    if (!this.#scheduleOnStart) return;
    this.#scheduleOnStart = false;
    this.#reschedule();
  }

  /** Ends all work: each task fails with SchedulerStopped. */
  stop(): void {
    this.#stopped = true;
    for (const task of [...this.#tasks]) this.#refuse(task);
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  /** @internal */
  addTask(task: CooperativeTask): void {
    this.#tasks.push(task);
    if (this.#stopped) this.#refuse(task);
    else this.#reschedule();
  }

  /** @internal */
  removeTask(task: CooperativeTask): void {
    const index = this.#tasks.indexOf(task);
    if (index !== -1) this.#tasks.splice(index, 1);
    if (this.#tasks.length > 0) return;
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  #refuse(task: CooperativeTask): void {
    const stopped = new SchedulerStopped('The Cooperator was stopped.');
    task.completeWith(stopped, new Failure(stopped));
  }

  #turn(): void {
    this.#pending = undefined;
    const enough = this.#makePredicate();
    for (let task = this.#nextTask(); task !== undefined; task = this.#nextTask()) {
      task.step();
      if (enough()) break;
    }
    this.#reschedule();
  }

  /** The next one of the round; of a new round when it is over; undefined when there is nothing to do. */
  #nextTask(): CooperativeTask | undefined {
    if (this.#round.next >= this.#round.tasks.length) this.#round = { tasks: this.#tasks, next: 0 };
    const task = this.#round.tasks[this.#round.next];
    if (task !== undefined) this.#round.next++;
    return task;
  }

  #reschedule(): void {
    if (!this.#started) this.#scheduleOnStart = true;
    else if (this.#pending === undefined && this.#tasks.length > 0) this.#pending = this.#scheduler(() => this.#turn());
  }
}

let shared: Cooperator | undefined;

/** Does the work of an iterator on the Cooperator that the whole process shares. */
export function cooperate<I extends Iterator<unknown>>(iterator: I): CooperativeTask<I> {
  shared ??= new Cooperator();
  return shared.cooperate(iterator);
}

/** Does the work of an iterator on the Cooperator that the whole process shares, and fires when it is done. */
export function coiterate<I extends Iterator<unknown>>(iterator: I): Deferred<I> {
  shared ??= new Cooperator();
  return shared.coiterate(iterator);
}
