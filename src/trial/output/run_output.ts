import { Batch } from './batch.js';
import { wantsColours } from './colours.js';
import { ProcessStream } from './process_stream.js';

/** Where text of the runner's goes, and whether colours are wanted there. */
export interface TextOutput {
  write(text: string): void;
  readonly colours: boolean;
}

/** Both outputs of the process for the time of a run: what the runner writes and what tests write, in order. */
export class RunOutput {
  readonly #stdout = new ProcessStream('stdout');
  readonly #stderr = new ProcessStream('stderr');
  readonly #batch = new Batch((text) => this.#stdout.write(text));
  /** For reports; batched. */
  readonly stdout: TextOutput;
  /** For what goes wrong; at once, and after what was reported before. */
  readonly stderr: TextOutput;

  /** @param env - Of the process: may say whether colours are wanted. */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.stdout = new LazyOutput(this.#stdout, env, (text) => this.#batch.add(text));
    this.stderr = new LazyOutput(this.#stderr, env, (text) => {
      this.#batch.flush();
      this.#stderr.write(text);
    });
    this.#stdout.announce(this.#flush);
    this.#stderr.announce(this.#flush);
  }

  /** Why the report is not whole; a reader that has gone does not count. */
  get error(): NodeJS.ErrnoException | undefined {
    const { error } = this.#stdout;
    return error?.code === 'EPIPE' ? undefined : error;
  }

  /** From now on `onText` is given what tests write to stdout; undefined: it goes to stdout again. */
  redirect(onText: ((text: string) => void) | undefined): void {
    this.#stdout.redirect(onText);
  }

  /** Fires when everything has left the process. */
  async drain(): Promise<void> {
    this.#batch.flush();
    await this.#stdout.drain();
    await this.#stderr.drain();
  }

  /** Writes the rest before it returns: the process is about to end. */
  flushBlocking(): void {
    this.#stdout.writeBlocking(this.#batch.take());
  }

  readonly #flush = (): void => this.#batch.flush();
}

/** Whether it has colours is found out when somebody asks. */
class LazyOutput implements TextOutput {
  readonly write: (text: string) => void;
  readonly #stream: ProcessStream;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #colours: boolean | undefined;

  constructor(stream: ProcessStream, env: Readonly<Record<string, string | undefined>>, write: (text: string) => void) {
    this.write = write;
    this.#stream = stream;
    this.#env = env;
  }

  get colours(): boolean {
    this.#colours ??= wantsColours(this.#env, () => this.#stream.isTerminal);
    return this.#colours;
  }
}
