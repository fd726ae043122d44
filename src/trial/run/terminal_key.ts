import { processFields } from '../../internet/process_fields.js';
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, readSync } from '../dump_keys.js';
import { isReading } from '../leaks/handle.js';
import { own } from '../leaks/hush.js';
import { runAs } from '../life/attribution.js';
import { unrefQuietly } from '../life/idle.js';
import { setTimer } from '../life/now.js';

const STDIN = '/proc/self/fd/0';
/** The device of /dev/tty, which is everybody's own terminal. */
const ANY_TERMINAL = 0x500;
const LOOK_EVERY_MS = 100;
const NEWLINE = 10;
/** Flags of a descriptor, as Linux has them. */
const NOCTTY = 0o400;
const NONBLOCK = 0o4000;

/**
 * Enter, pressed at the terminal that stdin is. The terminal stays as it is, and is looked at now and then, never waited for: what
 * is typed is there for a test that reads stdin, and for the shell, when trial is not in front. Linux only, where it can be told
 * whether it is: to read behind others' backs stops a program.
 */
export class TerminalKey {
  readonly #job: number;
  readonly #pressed: () => void;
  #isWanted: () => boolean = () => false;
  #descriptor: number | undefined;

  /**
   * @param job - A process that has the terminal as its own: this one, or the one that supervises it.
   * @param pressed - Called when Enter has been pressed.
   */
  constructor(job: number, pressed: () => void) {
    this.#job = job;
    this.#pressed = pressed;
  }

  /**
   * Looks for the key as long as `isWanted`.
   *
   * @returns whether it would be seen if it were pressed now.
   */
  listen(isWanted: () => boolean): boolean {
    if (!isForStdin(jobOf(this.#job))) return false;
    this.#isWanted = isWanted;
    if (this.#descriptor === undefined) {
      this.#descriptor = openStdin();
      if (this.#descriptor === undefined) return false;
      this.#lookLater();
    }
    return !isTaken();
  }

  /** Looks at once, where no timer can. */
  lookNow(): void {
    if (this.#descriptor !== undefined && this.#isPressed(this.#descriptor)) this.#pressed();
  }

  #lookLater(): void {
    const timer = runAs(undefined, setTimer<void>, this.#look, LOOK_EVERY_MS);
    unrefQuietly(timer);
  }

  readonly #look = (): void => {
    if (this.#descriptor === undefined) return;
    if (!this.#isWanted()) {
      this.#stop();
      return;
    }
    const isPressed = this.#isPressed(this.#descriptor);
    if (this.#descriptor !== undefined) this.#lookLater();
    if (isPressed) this.#pressed();
  };

  #isPressed(descriptor: number): boolean {
    // As it is now: it may have been sent to the background, and a test may have begun to read.
    return isForStdin(jobOf(this.#job)) && !isTaken() && this.#read(descriptor);
  }

  /** Takes what has been typed. @returns whether Enter was among it. */
  #read(descriptor: number): boolean {
    const bytes = Buffer.alloc(1024);
    let hasLine = false;
    try {
      for (let length = -1; length !== 0; ) {
        length = readSync(descriptor, bytes);
        hasLine ||= bytes.subarray(0, length).includes(NEWLINE);
      }
    } catch (error) {
      // The terminal is gone; that is no news: a signal has told of it.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.#stop();
    }
    return hasLine;
  }

  #stop(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** What the system tells of a process and its terminal. */
export interface Job {
  /** The device; 0: it has none. */
  readonly terminal: number;
  /** Its process group is the one that keys are for. */
  readonly isInFront: boolean;
  /** Nobody has started it but the shell in which the group was. */
  readonly isFirst: boolean;
}

/** @returns undefined where the system does not tell. */
export function jobOf(pid: number): Job | undefined {
  const fields = processFields(pid);
  if (fields === undefined) return undefined;
  const [, , group, , terminal, front] = fields.map(Number);
  return { terminal: terminal ?? 0, isInFront: group === front, isFirst: group === pid };
}

/** Whether the job is in front at the terminal that stdin is. */
function isForStdin(job: Job | undefined): boolean {
  if (job === undefined || job.terminal === 0 || !job.isInFront) return false;
  const { rdev } = fstatSync(0);
  return rdev === job.terminal || rdev === ANY_TERMINAL;
}

/** A descriptor of its own, which does not wait; undefined: the terminal cannot be opened once more. */
function openStdin(): number | undefined {
  try {
    return openSync(readlinkSync(STDIN), NOCTTY | NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Whether something in this process reads stdin. */
function isTaken(): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(textOf('/proc/self/fdinfo/0') ?? '')?.[1];
  // Node makes it so when `process.stdin` is first asked for. To do that here would have `readSync(0)` not wait any more.
  if (flags === undefined || (Number.parseInt(flags, 8) & NONBLOCK) === 0) return false;
  own.making = true;
  try {
    const { stdin } = process;
    return stdin.isRaw || stdin.listenerCount('data') > 0 || stdin.listenerCount('readable') > 0 || isReading(stdin);
  } catch {
    // It is a test's own.
    return true;
  } finally {
    own.making = false;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
