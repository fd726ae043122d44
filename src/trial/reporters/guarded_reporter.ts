import type { TestEvent } from '../events/events.js';
import type { Reporter } from './reporter.js';

/** Stands between a run and a reporter: one that throws is reported once and left out from then on. */
export class GuardedReporter implements Reporter {
  readonly #reporter: Reporter;
  readonly #onBroken: (error: unknown) => void;
  #isBroken = false;

  /**
   * @param reporter - What it stands for.
   * @param onBroken - Told once of what the reporter threw.
   */
  constructor(reporter: Reporter, onBroken: (error: unknown) => void) {
    this.#reporter = reporter;
    this.#onBroken = onBroken;
  }

  /** Whether the reporter has thrown. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Not when it has thrown: what tests print goes where it belongs then. */
  get takesOutput(): boolean {
    return !this.#isBroken && this.#reporter.takesOutput === true;
  }

  event(event: TestEvent): void {
    if (this.#isBroken) return;
    try {
      this.#reporter.event(event);
    } catch (error) {
      this.#broke(error);
    }
  }

  async close(): Promise<void> {
    if (this.#isBroken) return;
    try {
      await this.#reporter.close?.();
    } catch (error) {
      this.#broke(error);
    }
  }

  #broke(error: unknown): void {
    this.#isBroken = true;
    this.#onBroken(error);
  }
}
