import type { ExitCode, LoadError, TestEvent, TestId } from '../events/events.js';
import { isFailed, TotalsCounter } from '../events/outcome.js';
import { isOurs } from '../reporters/choose.js';
import type { Frame, PlannedTest, Resume } from '../supervise/frames.js';
import type { InterruptRelay } from '../supervise/interrupt_relay.js';
import { KeptDirectory } from '../supervise/kept_directory.js';
import { launch } from '../supervise/launch.js';
import { receive } from '../supervise/receive.js';

/** What became of tests in a process of their own. */
export interface FreshRun {
  /** In the order in which they were to run. */
  readonly tests: readonly PlannedTest[];
  /** With its first error in one line. */
  readonly failed: ReadonlyMap<TestId, string>;
  readonly loadErrors: readonly LoadError[];
  /** undefined: the process died. */
  readonly status: ExitCode | undefined;
  readonly stderr: string;
}

/**
 * Runs tests in a fresh process, in this order.
 *
 * @param tests - undefined: those that were asked for, in their order.
 */
export async function freshRun(relay: InterruptRelay, tests?: readonly PlannedTest[]): Promise<FreshRun> {
  const listener = new Listener();
  const child = launch(tests === undefined ? undefined : JSON.stringify(only(tests)));
  relay.follow(child.process);
  const received = (frame: Frame): undefined => {
    if (frame.type === 'interrupted') relay.arrived();
    else if (frame.type !== 'reporting') listener.received(frame);
    else if (!isOurs(frame.options.reporter)) child.wire.write('{"takesOutput":true}\n');
  };
  try {
    const onStderr = (text: string) => {
      listener.stderr += text;
    };
    const exit = await receive(child, received, onStderr, ({ signal }) => {
      if (signal !== null || !listener.isOver) child.killOrphans();
    });
    if (exit.error !== undefined) throw exit.error;
    return listener.over();
  } finally {
    listener.directory.release();
  }
}

function only(items: readonly PlannedTest[]): Resume {
  const totals = new TotalsCounter().totals();
  return { deadly: [], progress: { items, next: 0, passes: 0, failedPasses: [], totals, attempts: [] } };
}

class Listener {
  readonly directory = new KeptDirectory();
  stderr = '';
  #tests: readonly PlannedTest[] = [];
  #running: TestId | undefined;
  #status: ExitCode | undefined;
  readonly #failed = new Map<TestId, string>();
  readonly #loadErrors: LoadError[] = [];

  received(frame: Frame): void {
    switch (frame.type) {
      case 'directory':
        this.directory.taken(frame);
        break;
      case 'plan':
        this.#tests = frame.items.flatMap((item) => ('type' in item ? [] : [item]));
        break;
      case 'stderr':
        this.stderr += frame.text;
        break;
      case 'end':
        this.#status = frame.status;
        break;
      case 'testStarted':
        this.#running = frame.id;
        break;
      case 'testFinished':
        this.#running = undefined;
        this.#outcomes(frame);
        break;
      case 'verdictAmended':
        this.#outcomes(frame);
        break;
      case 'loadError':
        this.#loadErrors.push(frame);
        break;
      default:
    }
  }

  /** The run has come to its end. */
  get isOver(): boolean {
    return this.#status !== undefined;
  }

  over(): FreshRun {
    const status = this.#status;
    if (status === undefined && this.#running !== undefined) this.#failed.set(this.#running, 'its process died');
    return { tests: this.#tests, failed: this.#failed, loadErrors: this.#loadErrors, status, stderr: this.stderr };
  }

  #outcomes({ id, outcomes }: Extract<TestEvent, { readonly type: 'testFinished' | 'verdictAmended' }>): void {
    const first = outcomes.find(isFailed);
    if (first === undefined || this.#failed.has(id)) return;
    this.#failed.set(id, `${first.errorName}: ${first.message?.split('\n', 1)[0]}`);
  }
}
