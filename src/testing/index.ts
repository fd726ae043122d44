/// <reference types="node" preserve="true" />
/** `txtrial/testing`: what tests of asynchronous code use instead of time and the network. */
export { Clock } from '../internet/clock.js';
export { connectedServerAndClient, IOPump } from './io_pump.js';
export {
  MemoryConnector,
  MemoryPort,
  MemoryReactor,
  MemoryReactorClock,
  type SSLClientRequest,
  type SSLServerRequest,
  type TCPClientRequest,
  type TCPServerRequest,
  type UNIXClientRequest,
  type UNIXServerRequest,
} from './memory_reactor.js';
export type { PumpTransport } from './pump_transport.js';
export { StringTransport, type StringTransportOptions, StringTransportWithDisconnection } from './string_transport.js';
export { waitUntilAllDisconnected } from './wait_until_all_disconnected.js';
