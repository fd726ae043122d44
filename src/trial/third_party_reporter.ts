/** Reporters of third parties: whether they are ones, and what reports instead when they fail. */
import type { TestEvent } from './events/events.js';
import type { Substitute } from './guarded_reporter.js';
import { kindOf } from './kind_of.js';
import type { Reporter, ReporterFactory, ReporterOptions, ReporterOutput } from './reporters/reporter.js';
import createTreeReporter from './reporters/tree.js';
import { UsageError } from './usage_error.js';

/**
 * Makes a reporter of what its module exports.
 *
 * @throws UsageError that says what is wrong with the export, or what the factory throws.
 */
export function makeThirdParty(module: object, options: ReporterOptions): Reporter {
  const factory: unknown = (module as { default?: unknown }).default;
  if (typeof factory !== 'function') {
    const what = factory === undefined ? 'missing' : kindOf(factory);
    throw new UsageError(`its default export is ${what}, and has to be a function that makes a reporter`);
  }
  if (/^class\b/.test(Function.prototype.toString.call(factory))) {
    const name = factory.name === 'default' ? '' : factory.name;
    throw new UsageError(
      `its default export is a class, and has to be a function: export default (options) => new ${name || 'Mine'}(options)`,
    );
  }
  const reporter: unknown = (factory as ReporterFactory)(options);
  if (typeof (reporter as Partial<Reporter> | null | undefined)?.event === 'function') return reporter as Reporter;
  const what = kindOf(reporter);
  throw new UsageError(
    `its default export returned ${what}${what === 'an object' ? ' without event()' : ''}, and has to return a Reporter: an object with event()`,
  );
}

/** The default report, on stderr: stdout may have half of something else. */
export class TreeOnStderr implements Substitute {
  readonly #stderr: ReporterOutput;
  readonly #tree: Reporter;
  /** The line that is being written; undefined: lines are shown. */
  #line: string | undefined = '';

  constructor(options: ReporterOptions) {
    const { stderr } = options;
    this.#stderr = stderr;
    this.#tree = createTreeReporter({
      ...options,
      stdout: { ...colourOf(stderr), write: (text) => this.#write(text) },
    });
  }

  event(event: TestEvent): void {
    this.#tree.event(event);
  }

  speak(): void {
    const line = this.#line ?? '';
    this.#line = undefined;
    this.#stderr.write(line);
  }

  #write(text: string): void {
    if (this.#line === undefined) this.#stderr.write(text);
    else this.#line = text.includes('\n') ? text.slice(text.lastIndexOf('\n') + 1) : this.#line + text;
  }
}

function colourOf({ colours, isTerminal = false }: ReporterOutput): { colours: boolean; isTerminal: boolean } {
  return { colours, isTerminal };
}
