import type { Output, TestEvent, TestId } from '../events/events.js';
import type { ReporterOptions } from './reporter.js';

/** Keeps what tests wrote, as far as it is to be told with what went wrong with them. */
export class Outputs {
  readonly #capture: boolean;
  readonly #cwd: string;
  /** With `capture`: what the tests wrote that run or have failed. */
  readonly #texts = new Map<TestId, string>();
  readonly #logs = new Map<TestId, string>();

  constructor({ capture, cwd }: ReporterOptions) {
    this.#capture = capture === true;
    this.#cwd = cwd ?? '';
  }

  /** Takes note of an event. */
  add(event: TestEvent): void {
    switch (event.type) {
      case 'testStarted':
        if (this.#capture) this.#texts.set(event.id, '');
        if (this.#logs.size > 0) this.#logs.delete(event.id);
        break;
      case 'output':
        this.#written(event);
        break;
      case 'testFinished':
        if (event.log !== undefined) this.#logs.set(event.id, event.log);
        else if (this.#capture) this.#dropUnless(event.flaky === true || event.outcomes.some(wentWrong), event.id);
        break;
      case 'verdictAmended':
        if (event.log !== undefined) this.#logs.set(event.id, event.log);
        break;
      default:
    }
  }

  /** What of an event is to be printed at once. */
  live({ id, stream, text }: Output): string {
    return stream !== 'stdout' || (this.#capture && id !== undefined) ? '' : text;
  }

  /** What stands below the id of a test that went wrong. @param isFirst - It has not been told of before. */
  below(id: TestId, isFirst: boolean): string {
    const log = this.#logs.get(id);
    const text = isFirst ? this.#texts.get(id) : undefined;
    const lines = text ? text.replace(/\n$/, '').split('\n') : [];
    if (log === undefined && lines.length === 0) return '';
    const where = log === undefined ? '' : ` ${shown(log, this.#cwd)}`;
    return `\n  output:${where}${lines.map((line) => `\n    ${line}`).join('')}`;
  }

  #written({ id, text, log }: Output): void {
    if (id !== undefined && log !== undefined) this.#logs.set(id, log);
    if (!this.#capture || id === undefined) return;
    const before = this.#texts.get(id);
    // That of a test which has passed is in the log, should it fail after all.
    if (before !== undefined) this.#texts.set(id, before + text);
  }

  #dropUnless(isWanted: boolean, id: TestId): void {
    if (!isWanted) this.#texts.delete(id);
  }
}

/** From where the user is, if it is in there. */
function shown(path: string, cwd: string): string {
  const isInside = cwd !== '' && path.startsWith(cwd) && /[\\/]/.test(path.charAt(cwd.length));
  return isInside ? path.slice(cwd.length + 1) : path;
}

function wentWrong({ kind }: { readonly kind: string }): boolean {
  return kind !== 'success' && kind !== 'skip';
}
