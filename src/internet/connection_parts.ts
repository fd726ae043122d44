import type { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Address } from './address.js';
import type { Failure } from './failure.js';
import type { Origin } from './origin.js';
import type { SelectableRegister } from './reactor_host.js';
import type { StreamProtocol } from './stream_protocol.js';
import type { TLSLayer } from './tls_layer.js';

/** What a new connection is made of. */
export interface ConnectionParts {
  readonly socket: Socket;
  /** Between the protocol and the socket, when they have agreed on TLS already. */
  readonly layer?: TLSLayer | undefined;
  /** For a client, the host that it was told to connect to: what TLS looks for in a certificate. */
  readonly hostname?: string | undefined;
  readonly protocol: StreamProtocol;
  /** Asked once, when somebody wants to know. */
  readonly host: () => Address | undefined;
  readonly peer: Address;
  /** Everything the protocol hears, it hears in this async context. */
  readonly scope: AsyncResource;
  readonly selectables: SelectableRegister;
  readonly origin: Origin | undefined;
  readonly side: 'client' | 'server';
  /** What stands after the protocol's name in the system of its log lines. */
  readonly logSuffix: string;
  /** Is called when the connection is over, after the protocol has heard of it. */
  readonly lost?: (reason: Failure) => void;
}
