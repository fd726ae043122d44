import type { Address, InternetAddress } from '../internet/address.js';
import { Protocol } from '../internet/protocol.js';
import type { ProtocolFactory } from '../internet/protocol_factory.js';

const NOTHING = Buffer.alloc(0);

/**
 * A protocol that can be paused between two pieces of what it receives, also within one read.
 *
 * @see Twisted, basic._PauseableMixin
 */
export class PausableProtocol<F = ProtocolFactory, A extends Address = InternetAddress> extends Protocol<F, A> {
  /** Whether nothing is to be received now. */
  paused = false;

  /** Receives nothing, not even what has come already, until `resumeProducing()`. */
  pauseProducing(): void {
    this.paused = true;
    this.transport.pauseProducing();
  }

  /** Receives again, first what has come in the meantime. */
  resumeProducing(): void {
    this.paused = false;
    this.transport.resumeProducing();
    this.dataReceived(NOTHING);
  }

  /** Receives nothing any more, and closes the connection. */
  stopProducing(): void {
    this.paused = true;
    this.transport.stopProducing();
  }
}
