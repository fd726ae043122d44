import { Protocol, ServerFactory } from 'txtrial/internet';
import { msg } from 'txtrial/log';

/** Sends the whole poem as fast as the client takes it. The end of the connection is the end of the poem. */
export class FastPoetryProtocol extends Protocol {
  declare factory: FastPoetryFactory;

  override connectionMade(): void {
    const { poem } = this.factory;
    msg(`sending ${poem.length} bytes of poetry to ${this.transport.getPeer()}`);
    this.transport.write(poem);
    this.transport.loseConnection();
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
