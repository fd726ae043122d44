/** A connection and its protocol, as each sees the other. */
import type { X509Certificate } from 'node:crypto';
import type { Address, InternetAddress } from './address.js';
import type { Consumer } from './consumer.js';
import type { Failure } from './failure.js';
import type { ContextFactory, TLSOptions } from './tls_options.js';

/**
 * A protocol's way to the other end of its connection.
 *
 * @typeParam A - What its addresses are; `UNIXAddress` for UNIX sockets.
 * @see Twisted, ITransport, ITCPTransport
 */
export interface Transport<A extends Address = InternetAddress> extends Consumer {
  /** Whether the connection stands. */
  readonly connected: boolean;
  /** Whether `loseConnection()` was called. */
  readonly disconnecting: boolean;
  /**
   * Sends data, in order and without waiting. What is written in one turn goes out together.
   *
   * @param data - Bytes, which must not be changed afterwards, or text, which is sent as UTF-8. Ignored when the
   * connection is over or `loseConnection()` was called.
   */
  write(data: Uint8Array | string): void;
  /** Sends several pieces, as `write` of each of them. */
  writeSequence(pieces: Iterable<Uint8Array | string>): void;
  /**
   * Closes the connection when all that was written is sent, and a registered producer has finished. Data that comes in
   * from now on is dropped. A peer that is sending still gets two seconds to read the last and to finish.
   */
  loseConnection(): void;
  /** Closes the connection at once; what is not sent yet is lost. The peer sees a reset. */
  abortConnection(): void;
  /** Closes the half of the connection that writes, when all that was written is sent. */
  loseWriteConnection(): void;
  /** This end of the connection. */
  getHost(): A;
  /** The other end of the connection. */
  getPeer(): A;
  /** Stops reading: `dataReceived` is not called until `resumeProducing()`. */
  pauseProducing(): void;
  /** Reads again. */
  resumeProducing(): void;
  /** The same as `loseConnection()`. */
  stopProducing(): void;
  /** Whether small writes are sent without waiting for an answer to the ones before. */
  setTcpNoDelay(enabled: boolean): void;
  /** What `setTcpNoDelay` has set. */
  getTcpNoDelay(): boolean;
  /** Whether the system looks from time to time if a silent peer is still there. */
  setTcpKeepAlive(enabled: boolean): void;
  /** What `setTcpKeepAlive` has set. */
  getTcpKeepAlive(): boolean;
  /**
   * Speaks TLS from here on: what is written after it is sent when both ends have agreed, and what comes in after the
   * data that was delivered already is TLS. When the ends can not agree the connection is lost.
   *
   * @param contextFactory - The options: for a client none are needed, a server needs its key and certificate.
   * @param normal - Whether the end that connected is the client of TLS; true by default.
   * @see Twisted, ITLSTransport.startTLS
   */
  startTLS(contextFactory: TLSOptions | ContextFactory, normal?: boolean): void;
  /**
   * What the other end has shown; undefined when it has shown none, or TLS is not spoken.
   *
   * @see Twisted, ISSLTransport.getPeerCertificate
   */
  getPeerCertificate(): X509Certificate | undefined;
  /** The protocol that both ends have agreed on (ALPN), if any. */
  readonly negotiatedProtocol: string | undefined;
}

/**
 * What a connection needs of a protocol. `Protocol` is one.
 *
 * @see Twisted, IProtocol
 */
export interface StreamProtocol {
  /** The connection stands. */
  makeConnection(transport: Transport<Address>): void;
  /** A piece of data has come, of any size. */
  dataReceived(data: Buffer): void;
  /** The connection is over; `reason.value` is a ConnectionDone when it was closed cleanly. */
  connectionLost(reason: Failure): void;
}

/**
 * A protocol that goes on when one half of its connection is closed. Without these two methods the connection is lost as
 * soon as the peer has finished sending.
 *
 * @see Twisted, IHalfCloseableProtocol
 */
export interface HalfCloseableProtocol extends StreamProtocol {
  /** The peer sends no more. Writing goes on. */
  readConnectionLost(): void;
  /** What was written before `loseWriteConnection()` is sent, and no more can be. Reading goes on. */
  writeConnectionLost(): void;
}

/** Whether a protocol goes on when one half of its connection is closed. */
export function isHalfCloseable(protocol: StreamProtocol): protocol is HalfCloseableProtocol {
  return 'readConnectionLost' in protocol && 'writeConnectionLost' in protocol;
}
