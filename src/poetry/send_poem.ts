import type { InternetAddress, Transport } from 'txtrial/internet';
import { msg } from 'txtrial/log';

/** Logs that a poem is being sent. */
export function logSending(poem: Buffer, transport: Transport<InternetAddress>): void {
  msg(`sending ${poem.length} bytes of poetry to ${transport.getPeer()}`);
}

/** Sends a whole poem as fast as the client takes it. The end of the connection is the end of the poem. */
export function sendPoem(poem: Buffer, transport: Transport<InternetAddress>): void {
  logSending(poem, transport);
  transport.write(poem);
  transport.loseConnection();
}
