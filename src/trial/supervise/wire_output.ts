import type { Output, TextOutput } from '../output/output.js';
import { ProcessStream } from '../output/process_stream.js';
import type { Wire } from './wire.js';

/** The outputs of a supervised process: all that is written goes to the supervisor, who writes it in the same order. */
export class WireOutput implements Output {
  readonly #wire: Wire;
  readonly #ofTests = { stdout: new ProcessStream('stdout'), stderr: new ProcessStream('stderr') };
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly error = undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    // The supervisor's reporter does the colouring.
    this.stdout = { write: this.#toStdout, colours: false };
    this.stderr = { write: this.#toStderr, colours: false };
    this.redirect(undefined);
  }

  redirect(onText: ((text: string, stream: 'stdout' | 'stderr') => void) | undefined): void {
    this.#ofTests.stdout.redirect(onText === undefined ? this.#toStdout : (text) => onText(text, 'stdout'));
    this.#ofTests.stderr.redirect((text) => {
      onText?.(text, 'stderr');
      this.#toStderr(text);
    });
  }

  flush(): void {
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
