import { Protocol, ServerFactory } from 'txtrial/internet';
import { sendPoem } from './send_poem.js';

/** Sends the whole poem at once. */
export class FastPoetryProtocol extends Protocol {
  declare factory: FastPoetryFactory;

  override connectionMade(): void {
    sendPoem(this.factory.poem, this.transport);
  }
}

/** Serves one poem to everyone who connects. */
export class FastPoetryFactory extends ServerFactory {
  override protocol = FastPoetryProtocol;
  /** Sent as it is: a poem is text in whatever encoding its file has. */
  readonly poem: Buffer;

  constructor(poem: Buffer | string) {
    super();
    this.poem = Buffer.from(poem);
  }
}
