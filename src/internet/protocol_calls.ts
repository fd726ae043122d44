/**
 * What a connection calls its protocol for. Functions of their own, since this is what comes most often: nothing is made
 * for each piece or connection.
 */
import type { Address } from './address.js';
import type { Failure } from './failure.js';
import type { StreamProtocol, Transport } from './stream_protocol.js';

export function introduce(protocol: StreamProtocol, transport: Transport<Address>): void {
  protocol.makeConnection(transport);
}

export function passData(protocol: StreamProtocol, data: Buffer): void {
  protocol.dataReceived(data);
}

export function part(protocol: StreamProtocol, reason: Failure): void {
  if ('connected' in protocol) protocol.connected = false;
  protocol.connectionLost(reason);
}
