/** Ports and connections over UNIX sockets. */
import { chmodSync } from 'node:fs';
import { UNIXAddress } from './address.js';
import { isTooLongForUNIX, listenUNIXNow } from './bind_now.js';
import type { Destination } from './connect_attempt.js';
import { CannotListenError, ConnectError } from './errors.js';
import { nodeNet } from './late_builtins.js';
import type { PortBinding } from './stream_port.js';

// A client's end of a UNIX socket has no name.
const UNNAMED = new UNIXAddress('');

/**
 * Makes UNIX sockets that listen.
 *
 * @param path - A path, or a name in Linux' abstract namespace after a zero character.
 * @param mode - The permissions of the socket's file.
 */
export function unixBinding(path: string, mode: number, backlog: number): PortBinding<UNIXAddress> {
  const host = new UNIXAddress(path);
  return {
    listen(server) {
      listenUNIXNow(server, path, backlog);
      if (!path.startsWith('\0')) chmodSync(path, mode);
      return host;
    },
    peerOf: () => UNNAMED,
    hostOf: () => host,
    cannotListen: (error) => new CannotListenError('', path, error),
  };
}

/** Sends connections to a UNIX socket. */
export function unixDestination(path: string): Destination<UNIXAddress> {
  const address = new UNIXAddress(path);
  const tooLong = isTooLongForUNIX(path);
  return {
    address,
    unusable: tooLong ? new ConnectError(`Cannot connect to ${address}: the path is too long.`) : undefined,
    name: undefined,
    open: () => nodeNet().connect({ path, allowHalfOpen: true }),
    peer: () => address,
    host: () => UNNAMED,
  };
}
