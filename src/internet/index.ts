/// <reference types="node" preserve="true" />
/** `txtrial/internet`: the asynchronous core. Every line re-exports one file; keep them sorted. */
export { abortable, cancelOnAbort, signalOf } from './abort_signal.js';
export { type Address, type InternetAddress, IPv4Address, IPv6Address, UNIXAddress } from './address.js';
export { ClientCreator } from './client_creator.js';
export { Clock } from './clock.js';
export { CONNECTION_DONE, CONNECTION_LOST } from './connection_done.js';
export type { Consumer, Producer } from './consumer.js';
export {
  CooperativeTask,
  Cooperator,
  type CooperatorOptions,
  coiterate,
  cooperate,
  type Scheduler,
  type TerminationPredicate,
} from './cooperator.js';
export { DatagramProtocol } from './datagram_protocol.js';
export type { DatagramReceiver, DatagramTransport, ListenUDPOptions } from './datagram_transport.js';
export { deferLater } from './defer_later.js';
export type { Settled } from './deferred.js';
export { type Canceller, Deferred } from './deferred.js';
export { getDebugging, setDebugging } from './deferred_debug.js';
export { DeferredDict, type DictResult } from './deferred_dict.js';
export { DeferredList, type Gathered, gatherResults, type ListResult } from './deferred_list.js';
export { DeferredLock } from './deferred_lock.js';
export { DeferredQueue } from './deferred_queue.js';
export { DeferredSemaphore } from './deferred_semaphore.js';
export type { DelayedCall } from './delayed_call.js';
export { clientFromString, type EndpointReactor, serverFromString } from './endpoint_strings.js';
export {
  type ClientEndpoint,
  connectProtocol,
  type ServerEndpoint,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
} from './endpoints.js';
export * from './errors.js';
export { ClientFactory, Factory, type ProtocolMaker, ServerFactory } from './factory.js';
export { type ErrorClass, Failure, isFailure } from './failure.js';
export { ensureDeferred, inlineCallbacks, type MethodContext, type Steps } from './inline_callbacks.js';
export type { DeferredListOptions, JointDeferred, ListEntry } from './joint_deferred.js';
export { LoopingCall } from './looping_call.js';
export type { Origin } from './origin.js';
export { ProcessProtocol } from './process_protocol.js';
export type { ProcessTransport, SpawnOptions } from './process_transport.js';
export { Protocol } from './protocol.js';
export type { ClientProtocolFactory, ConnectorLike, FactoryOf, ProtocolFactory } from './protocol_factory.js';
export { race } from './race.js';
export { react } from './react.js';
export { NodeReactor, reactor } from './reactor.js';
export type { RunOptions } from './reactor_core.js';
export type { Selectable } from './reactor_host.js';
export type {
  ConnectOptions,
  ConnectUNIXOptions,
  ListeningPort,
  ListenOptions,
  ListenSSLOptions,
  ListenUNIXOptions,
  ReactorSSL,
  ReactorTCP,
  ReactorUNIX,
} from './reactor_streams.js';
export type { CallsLater, PendingCall, ReactorTime } from './reactor_time.js';
export type { Descriptor, Reader, Writer } from './readers.js';
export { ReconnectingClientFactory } from './reconnecting_client_factory.js';
export { SSL4ClientEndpoint, SSL4ServerEndpoint } from './ssl_endpoints.js';
export type { Connector } from './stream_client.js';
export type { Port } from './stream_port.js';
export type { HalfCloseableProtocol, StreamProtocol, Transport } from './stream_protocol.js';
export { execute, fail, maybeDeferred, succeed } from './succeed.js';
export type { Phase, SystemEventTrigger } from './system_events.js';
export { isDeferred, isThenable } from './thenable.js';
export type { ModuleFunction } from './thread_message.js';
export { ThreadPool, type ThreadPoolOptions } from './thread_pool.js';
export { callFromThread, callInThread, deferToThread, getThreadPool } from './threads.js';
export { timeoutDeferred } from './timeout_deferred.js';
export {
  CertificateOptions,
  type CertificateOptionsParts,
  type ClientTLSParts,
  type ContextFactory,
  optionsForClientTLS,
  type TLSOptions,
} from './tls_options.js';
export type { StreamTransport } from './transport.js';
export type { UDPPort } from './udp_port.js';
