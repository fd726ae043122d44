import { Batch } from './batch.js';
import { wantsColours } from './colours.js';
import { watchDescriptors } from './descriptor_writes.js';
import type { Output, PrintListener, StreamName, TextOutput } from './output.js';
import { Pace } from './pace.js';
import { ProcessStream } from './process_stream.js';

/** The two outputs of this process. */
export class RunOutput implements Output {
  readonly #stdout = new ProcessStream('stdout');
  readonly #stderr = new ProcessStream('stderr');
  readonly #batch = new Batch((text) => this.#stdout.write(text));
  readonly #pace = new Pace();
  #endWatch: (() => void) | undefined;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;

  /** @param env - Of the process: may say whether colours are wanted. */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.stdout = new LazyOutput(this.#stdout, env, (text) => this.#batch.add(text));
    this.stderr = new LazyOutput(this.#stderr, env, (text) => {
      this.#batch.flush();
      this.#stderr.write(text);
    });
    this.#stdout.announce(this.flush);
    this.#stderr.announce(this.flush);
  }

  get error(): NodeJS.ErrnoException | undefined {
    const { error } = this.#stdout;
    return error?.code === 'EPIPE' ? undefined : error;
  }

  listen(listener: PrintListener | undefined): void {
    this.#endWatch?.();
    this.#endWatch = undefined;
    this.#stdout.listen(listener && to(listener, 'stdout'));
    this.#stderr.listen(listener && to(listener, 'stderr'));
    if (listener !== undefined) this.#endWatch = watchDescriptors(this.#stdout, this.#stderr);
  }

  async drain(): Promise<void> {
    this.#batch.flush();
    await this.#stdout.drain();
    await this.#stderr.drain();
  }

  flushBlocking(): void {
    this.#stdout.writeBlocking(this.#batch.take());
  }

  readonly flush = (): void => this.#batch.flush();

  flushBeforeTest(): void {
    if (this.#pace.isDue()) this.#batch.flush();
  }
}

function to(listener: PrintListener, stream: StreamName) {
  return { takes: () => listener.takes(stream), printed: (text: string) => listener.printed(text, stream) };
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

  get isTerminal(): boolean {
    return this.#stream.isTerminal;
  }
}
