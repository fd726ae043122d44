import type { LoadError, RunFinished, TestEvent, TestId } from '../events/events.js';
import { errorText, errorTexts } from './error_text.js';
import { type Colour, FLAKY, LABELS, paint, type Result } from './labels.js';
import { type Reporter, type ReporterFactory, type ReporterOptions, sharesLine } from './reporter.js';
import { Summary, verdictText } from './summary_text.js';
import { columns } from './width.js';

/** Where the labels end. */
const LAST_COLUMN = 79;
const SPACES = ' '.repeat(LAST_COLUMN);

/** Modules, classes and tests as a tree, each test with what became of it; what went wrong at the end. Trial's `verbose`. */
class TreeReporter implements Reporter {
  readonly takesOutput = true;
  readonly #options: ReporterOptions;
  readonly #summary: Summary;
  #module = '';
  #class = '';
  /** What the ids of tests begin with that belong under the headings written last; undefined: nothing does. */
  #prefix: string | undefined;
  /** What there is so far of the line that is being written. */
  #open = '';
  /** The beginning of the running test's line. */
  #head = '';
  /** As `#head`, after a notice about the test has cut its line in two: it comes again. */
  #broken = '';

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#summary = new Summary(options);
  }

  event(event: TestEvent): void {
    if (this.#summary.add(event)) this.#newPass();
    switch (event.type) {
      case 'runStarted':
        if (event.seed !== undefined) this.#write(`Running tests shuffled with seed ${event.seed}\n\n`);
        break;
      case 'testStarted':
        this.#begin(event.id);
        break;
      case 'testSlow':
        if (this.#open !== '' && sharesLine(this.#options)) {
          this.#newLine();
          this.#broken = this.#head;
        }
        break;
      case 'testFinished':
        if (this.#broken !== '') this.#write(this.#broken);
        this.#broken = '';
        this.#end(event);
        break;
      case 'verdictAmended':
        this.#newLine();
        this.#write(`${event.id} ... `);
        this.#end(event);
        break;
      case 'loadError':
        this.#notLoaded(event);
        break;
      case 'output':
        this.#write(this.#summary.live(event));
        break;
      case 'runFinished':
        this.#finish(event);
        break;
      default:
        event satisfies never;
    }
  }

  /** Headings as far as they are new, then the test's name; the line stays open. */
  #begin(id: TestId): void {
    let text = this.#open === '' ? '' : '\n';
    if (this.#prefix === undefined || !id.startsWith(this.#prefix) || id.includes('.', this.#prefix.length)) {
      text += this.#headings(id);
    }
    this.#head = `    ${id.slice(this.#prefix?.length)} ... `;
    this.#options.stdout.write(text + this.#head);
    this.#open = this.#head;
  }

  #headings(id: TestId): string {
    const methodAt = id.lastIndexOf('.');
    const classAt = id.lastIndexOf('.', methodAt - 1);
    const module = id.slice(0, Math.max(classAt, 0));
    const className = id.slice(classAt + 1, Math.max(methodAt, 0));
    this.#prefix = id.slice(0, methodAt + 1);
    let text = '';
    if (module !== this.#module) {
      this.#module = module;
      this.#class = '';
      text += `${module}\n`;
    }
    if (className !== this.#class) {
      this.#class = className;
      text += `  ${className}\n`;
    }
    return text;
  }

  /** From now on all headings are new. */
  #forgetHeadings(): void {
    this.#module = this.#class = '';
    this.#prefix = undefined;
  }

  #end(result: Result): void {
    if (result.flaky) this.#label(FLAKY);
    else for (const { kind } of result.outcomes) this.#label(LABELS[kind]);
    this.#newLine();
    if (!this.#options.rtErrors) return;
    for (const text of errorTexts(result, this.#options.tracebackFormat)) this.#write(`${text}\n`);
  }

  #notLoaded(event: LoadError): void {
    this.#newLine();
    this.#forgetHeadings();
    this.#write(`${event.id} ... `);
    this.#label(LABELS.error);
    if (this.#options.rtErrors) this.#write(`${errorText(event, this.#options.tracebackFormat)}\n`);
  }

  /** Ends the line with a label at its right; without room, on the next line. */
  #label({ tree, colour }: { readonly tree: string; readonly colour: Colour }): void {
    const { stdout } = this.#options;
    let column = columns(this.#open);
    if (column - tree.length > LAST_COLUMN * 4) {
      this.#newLine();
      column = 0;
    }
    const spaces = SPACES.slice(0, Math.max(0, LAST_COLUMN - column - tree.length));
    stdout.write(`${spaces}${paint(tree, colour, stdout.colours)}\n`);
    this.#open = '';
  }

  #newPass(): void {
    this.#newLine();
    this.#forgetHeadings();
    this.#write(`Test Pass ${this.#summary.passes}\n`);
  }

  #finish(event: RunFinished): void {
    this.#newLine();
    const { stdout } = this.#options;
    const word = verdictText(event);
    const end = word.indexOf(' ');
    const verdict = end === -1 ? word : word.slice(0, end);
    const colour = event.exitCode === 0 ? 'green' : 'red';
    stdout.write(
      `\n${this.#summary.errors()}${this.#summary.ran(event)}` +
        `${paint(verdict, colour, stdout.colours)}${word.slice(verdict.length)}\n`,
    );
  }

  #newLine(): void {
    if (this.#open !== '') this.#write('\n');
  }

  #write(text: string): void {
    this.#options.stdout.write(text);
    const lineAt = text.lastIndexOf('\n') + 1;
    this.#open = lineAt === 0 ? this.#open + text : text.slice(lineAt);
  }
}

/** The default reporter. */
const createTreeReporter: ReporterFactory = (options) => new TreeReporter(options);
export default createTreeReporter;
