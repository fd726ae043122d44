import { watchDescriptors } from '../output/descriptor_writes.js';
import type { Output, PrintListener, StreamName, TextOutput } from '../output/output.js';
import { ProcessStream } from '../output/process_stream.js';
import type { Wire } from './wire.js';

/** The outputs of a supervised process: all that is written goes to the supervisor, who writes it in the same order. */
export class WireOutput implements Output {
  readonly #wire: Wire;
  readonly #ofTests = { stdout: new ProcessStream('stdout'), stderr: new ProcessStream('stderr') };
  #endWatch: (() => void) | undefined;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly error = undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    // The supervisor's reporter does the colouring.
    this.stdout = { write: this.#toStdout, colours: false };
    this.stderr = { write: this.#toStderr, colours: false };
    this.listen(undefined);
  }

  listen(listener: PrintListener | undefined): void {
    this.#endWatch?.();
    this.#endWatch = undefined;
    const { stdout, stderr } = this.#ofTests;
    stdout.listen(this.#between(listener, 'stdout'));
    stderr.listen(this.#between(listener, 'stderr'));
    if (listener !== undefined) this.#endWatch = watchDescriptors(stdout, stderr);
  }

  /** What the listener does not take goes to the supervisor; nothing goes to the descriptor. */
  #between(listener: PrintListener | undefined, stream: StreamName) {
    const printed = (text: string) => {
      const isTaken = listener?.takes(stream) === true;
      listener?.printed(text, stream);
      if (!isTaken) this.#send(stream, text);
    };
    return { takes: () => true, printed };
  }

  flush(): void {
    this.#wire.flush();
  }

  /** Each time: the supervisor has to know which test was running when this process died. */
  flushBeforeTest(): void {
    this.#wire.flush();
  }

  async drain(): Promise<void> {
    this.#wire.flush();
  }

  flushBlocking(): void {
    this.#wire.flush();
  }

  readonly #toStdout = (text: string): void => this.#send('stdout', text);

  readonly #toStderr = (text: string): void => this.#send('stderr', text);

  /** At once: it may be the last that is heard of this process. */
  #send(type: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    this.#wire.send({ type, text });
    this.#wire.flush();
  }
}
