import { DUMP_KEY, isAtKeyboard, isAtScreen, STATUS_KEYS } from '../dump_keys.js';
import type { TestSlow } from '../events/events.js';
import { runningLife } from '../life/blocking.js';
import { slowText } from '../slow_text.js';
import { jobOf, TerminalKey } from './terminal_key.js';

/** Where notices go, and who is asked for more. */
export interface SlowNoticesOptions {
  readonly emit: (event: TestSlow) => void;
  readonly stderr: { write(text: string): void };
  /** Says what the running test is waiting for. */
  readonly ask: () => void;
  /** Another process has started this one, and has the terminal. */
  readonly isSupervised: boolean;
}

/** Tells of slow tests, and from then on until such a test is over listens for the key that tells more. */
export class SlowNotices {
  readonly #options: SlowNoticesOptions;
  readonly #job: number;
  readonly #key: TerminalKey;

  constructor(options: SlowNoticesOptions) {
    this.#options = options;
    this.#job = options.isSupervised ? process.ppid : process.pid;
    this.#key = new TerminalKey(this.#job, options.ask);
  }

  readonly tell = (event: TestSlow): void => {
    this.#options.emit(event);
    this.note(event.id, event.seconds);
  };

  /** Tells somebody who sits there, and nobody else. */
  note(id: string, seconds: number): void {
    const how = isAtKeyboard() ? this.#how() : undefined;
    const hint = how === undefined ? '' : ` ${how} tells what it waits for.`;
    this.#options.stderr.write(`trial: ${slowText(id, seconds)}${hint}\n`);
  }

  /** Looks whether the key was pressed, where no timer can. */
  lookNow(): void {
    this.#key.lookNow();
  }

  /** What can be done to be told more. */
  #how(): string | undefined {
    const life = runningLife();
    if (life !== undefined && isAtScreen() && this.#key.listen(() => runningLife() === life)) return 'Enter';
    if (STATUS_KEYS.length > 0) return 'Ctrl-T';
    if (DUMP_KEY === 'SIGBREAK') return process.env.npm_execpath === undefined ? 'Ctrl-Break' : undefined;
    const job = jobOf(this.#job);
    // It would be the end of those that have started this process.
    if (job?.isFirst === true && job.isInFront) return 'Ctrl-\\';
    return `kill -USR2 ${process.pid}`;
  }
}
