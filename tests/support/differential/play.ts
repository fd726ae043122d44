/** Runs the programs of `program.ts` on this package; `record.py` does the same on real Twisted. */
import {
  Clock,
  type CooperativeTask,
  Cooperator,
  Deferred,
  DeferredList,
  DeferredLock,
  DeferredQueue,
  DeferredSemaphore,
  deferLater,
  Failure,
  FirstError,
  fail,
  gatherResults,
  inlineCallbacks,
  isFailure,
  LoopingCall,
  succeed,
} from 'txtrial/internet';
import type { Callback, Canceller, ErrorName, Op, Program, Return, Step } from './program.js';

class AlphaError extends Error {}
class BetaError extends AlphaError {}
const errors = { AlphaError, BetaError };

// What both refuse, each with an error class of its own language.
const MISUSE = new Set(['Error', 'TypeError', 'RangeError']);

/** The trace of one run of a program. */
export function play(program: Program): readonly string[] {
  const world = new World();
  world.run(program);
  return world.end();
}

class World {
  readonly trace: string[] = [];
  readonly #deferreds: Deferred<unknown>[] = [];
  readonly #locks = [new DeferredLock(), new DeferredSemaphore(2)] as const;
  readonly #queues = [new DeferredQueue<unknown>(), new DeferredQueue<unknown>(1, 1)] as const;
  readonly #clock = new Clock();
  readonly #loops: LoopingCall<never>[] = [];
  readonly #tasks: (CooperativeTask | undefined)[] = [];
  readonly #cooperator = new Cooperator({
    terminationPredicateFactory: () => () => true,
    scheduler: (tick) => this.#clock.callLater(1, tick),
  });

  run(ops: readonly Op[]): void {
    for (const op of ops) {
      try {
        this.#do(op);
      } catch (error) {
        this.trace.push(`!${this.#name(error)}`);
      }
    }
  }

  end(): readonly string[] {
    for (const d of this.#deferreds) {
      const result = d.called ? this.#show(d.result) : '-';
      this.trace.push(`${d.called ? 'called' : 'pending'} ${d.paused} ${result}`);
    }
    const halves = this.#clock.seconds() * 2;
    this.trace.push(`${this.#clock.getDelayedCalls().length} calls, ${halves} half seconds`);
    return this.trace;
  }

  #do(op: Op): void {
    switch (op[0]) {
      case 'new':
        this.#add(new Deferred(this.#canceller(op[1], this.#deferreds.length)));
        return;
      case 'add': {
        const d = this.#d(op[1]);
        const f = this.#callback(op[3]);
        if (op[2] === 'callback') d.addCallback(f);
        else if (op[2] === 'errback') d.addErrback(f);
        else d.addBoth(f);
        return;
      }
      case 'addCallbacks':
        this.#d(op[1]).addCallbacks(this.#callback(op[2]), this.#callback(op[3]));
        return;
      case 'callback':
        this.#d(op[1]).callback(op[2]);
        return;
      case 'errback':
        this.#d(op[1]).errback(new errors[op[2]]());
        return;
      case 'pause':
        this.#d(op[1]).pause();
        return;
      case 'unpause':
        this.#d(op[1]).unpause();
        return;
      case 'cancel':
        this.#d(op[1]).cancel();
        return;
      case 'chain':
        this.#d(op[1]).chainDeferred(this.#d(op[2]));
        return;
      case 'list': {
        const [, indexes, fireOnOneCallback, fireOnOneErrback, consumeErrors] = op;
        const deferreds = indexes.map((i) => this.#d(i));
        this.#add(new DeferredList(deferreds, { fireOnOneCallback, fireOnOneErrback, consumeErrors }));
        return;
      }
      case 'gather':
        this.#add(
          gatherResults(
            op[1].map((i) => this.#d(i)),
            { consumeErrors: op[2] },
          ),
        );
        return;
      case 'inline':
        this.#inline(op[1], op[2]);
        return;
      case 'acquire':
        this.#add(this.#lock(op[1]).acquire());
        return;
      case 'release':
        this.#lock(op[1]).release();
        return;
      case 'hold':
        this.#add(this.#lock(op[1]).run(this.#callback(op[2])));
        return;
      case 'put':
        this.#queue(op[1]).put(op[2]);
        return;
      case 'get':
        this.#add(this.#queue(op[1]).get());
        return;
      case 'timeout':
        this.#d(op[1]).addTimeout(op[2], this.#clock);
        return;
      case 'later':
        this.#clock.callLater(op[1], () => this.run(op[2]));
        return;
      case 'advance':
        this.trace.push('advance');
        this.#clock.advance(op[1]);
        return;
      case 'deferLater':
        this.#add(deferLater(this.#clock, op[1], this.#callback(op[2])));
        return;
      case 'loop': {
        const f = this.#callback(op[4]);
        const loop = op[3] ? LoopingCall.withCount(f) : new LoopingCall(f);
        loop.clock = this.#clock;
        this.#loops.push(loop as LoopingCall<never>);
        this.#add(loop.start(op[1], op[2]));
        return;
      }
      case 'loopStop':
        this.#at(this.#loops, op[1])?.stop();
        return;
      case 'loopReset':
        this.#at(this.#loops, op[1])?.reset();
        return;
      case 'tasks':
        this.#work(op[1]);
        return;
      case 'taskPause':
        this.#at(this.#tasks, op[1])?.pause();
        return;
      case 'taskResume':
        this.#at(this.#tasks, op[1])?.resume();
        return;
      case 'taskStop':
        this.#at(this.#tasks, op[1])?.stop();
        return;
      case 'taskDone': {
        const task = this.#at(this.#tasks, op[1]);
        if (task !== undefined) this.#add(task.whenDone());
        return;
      }
      default:
        op satisfies never;
    }
  }

  #add(d: Deferred<never> | Deferred<unknown>): void {
    this.#deferreds.push(d as Deferred<unknown>);
  }

  #d(index: number): Deferred<unknown> {
    const d = this.#at(this.#deferreds, index);
    if (d === undefined) throw new Error('There is no Deferred yet.');
    return d;
  }

  #at<T>(items: readonly T[], index: number): T | undefined {
    return items[index % items.length];
  }

  #lock(index: number): DeferredSemaphore {
    return this.#locks[index % 2 === 0 ? 0 : 1];
  }

  #queue(index: number): DeferredQueue<unknown> {
    return this.#queues[index % 2 === 0 ? 0 : 1];
  }

  #outcome(returns: Return, value: unknown): unknown {
    switch (returns[0]) {
      case 'pass':
        return value;
      case 'value':
        return returns[1] ?? undefined;
      case 'raise':
        throw new errors[returns[1]]();
      case 'deferred':
        return this.#d(returns[1]);
      case 'succeed':
        return succeed(returns[1]);
      case 'fail':
        return fail(new errors[returns[1]]());
      case 'failure':
        return new Failure(new errors[returns[1]]());
      default:
        return returns satisfies never;
    }
  }

  #callback(spec: Callback): (value?: unknown) => unknown {
    return (value) => {
      this.trace.push(`${spec.id}(${this.#show(value)})`);
      this.run(spec.does);
      return this.#outcome(spec.returns, value);
    };
  }

  #canceller(spec: Canceller | null, number: number): ((d: Deferred<unknown>) => void) | undefined {
    if (spec === null) return undefined;
    return (d) => {
      this.trace.push(`cancel ${number}`);
      if (spec[0] === 'callback') d.callback(spec[1]);
      else if (spec[0] === 'errback') d.errback(new errors[spec[1]]());
      else if (spec[0] === 'raise') throw new errors[spec[1]]();
      else if (spec[0] === 'does') this.run(spec[1]);
    };
  }

  #inline(steps: readonly Step[], end: ['return', unknown] | ['raise', ErrorName]): void {
    const number = this.#deferreds.length;
    const world = this;
    const generator = function* (): Generator<unknown, unknown, unknown> {
      for (const step of steps) {
        if (step[0] === 'does') {
          world.run(step[1]);
          continue;
        }
        let got: unknown;
        try {
          got = yield step[0] === 'wait' ? world.#d(step[1]) : (step[1] ?? undefined);
        } catch (error) {
          if (!step[2]) throw error;
          world.trace.push(`${number} caught ${world.#name(error)}`);
          continue;
        }
        world.trace.push(`${number} got ${world.#show(got)}`);
      }
      if (end[0] === 'raise') throw new errors[end[1]]();
      return end[1];
    };
    this.#add(inlineCallbacks(generator)());
  }

  #work(items: readonly Return[]): void {
    const number = this.#tasks.length;
    const world = this;
    const work = function* (): Generator<unknown, void, unknown> {
      for (const item of items) {
        world.trace.push(`task ${number}`);
        yield world.#outcome(item, undefined);
      }
    };
    this.#tasks.push(undefined);
    this.#tasks[number] = this.#cooperator.cooperate(work());
  }

  #show(value: unknown): string {
    if (value === undefined || value === null) return 'null';
    if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
      return JSON.stringify(value);
    if (Array.isArray(value)) return `[${Array.from(value, (each) => this.#show(each)).join(',')}]`;
    if (isFailure(value)) return `F(${this.#name(value.value)})`;
    if (value instanceof Deferred) return 'D';
    const lock = (this.#locks as readonly unknown[]).indexOf(value);
    return lock === -1 ? 'object' : `L${lock}`;
  }

  #name(error: unknown): string {
    if (error instanceof FirstError) return `FirstError,${error.index},${this.#show(error.subFailure)}`;
    const name = error instanceof Error ? error.constructor.name : typeof error;
    return MISUSE.has(name) ? 'misuse' : name;
  }
}
