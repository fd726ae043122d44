import type { ExitCode, TestEvent } from '../events/events.js';
import type { Exit, Launched } from './launch.js';

/** How far a process that runs tests has come. */
export class Course {
  readonly child: Launched;
  /** The status that it ends with, once its run is over. */
  ended: ExitCode | undefined;
  /** It kills itself then. */
  endsByForce = false;
  /** The module that it began to load last. */
  loading: string | undefined;
  /** It has loaded the tests. */
  isPlanned = false;
  /** A test of its own has begun. */
  hasBegun = false;

  constructor(child: Launched) {
    this.child = child;
  }

  add(event: TestEvent): void {
    if (event.type === 'testStarted') this.hasBegun = true;
  }

  /** Whether it ended before its run was over, or was killed. */
  hasDied({ signal }: Exit): boolean {
    return this.ended === undefined || (signal !== null && !this.endsByForce);
  }

  kill(): void {
    this.child.process.kill('SIGKILL');
  }
}
