import { type Factory, type IPv4Address, type IPv6Address, Protocol } from 'txtrial/internet';
import { msg } from 'txtrial/log';

/** What the protocols of the poetry servers need of their factory. */
export interface PoemSource extends Factory {
  /** The bytes of the poem, sent as they are: a poem is text in whatever encoding its file has. */
  readonly poem: Buffer;
}

/** Says in the log that a client gets the poem. */
export function logSending(poem: Buffer, peer: IPv4Address | IPv6Address): void {
  msg(`sending ${poem.length} bytes of poetry to ${peer.host}:${peer.port}`);
}

/** Sends the whole poem as fast as the client takes it, then closes the connection: the end of the poem is its end. */
export class PoemProtocol extends Protocol<PoemSource> {}
