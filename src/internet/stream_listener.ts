/**
 * How a connection hears of its socket and of TLS over it: by functions that all connections share, and that find theirs in
 * what has called them. To make five for each costs as much as to ask the system for its peer.
 */
import type { Socket } from 'node:net';
import type { SystemError } from './node_errors.js';

/** Hears of a stream. */
export interface StreamListener {
  dataReceived(data: Buffer): void;
  readEnded(): void;
  writeEnded(): void;
}

/** Hears of a socket. */
export interface SocketListener {
  failed(error: SystemError): void;
  closed(): void;
}

const STREAM = Symbol('stream listener');
const SOCKET = Symbol('socket listener');

interface HeardStream extends Socket {
  [STREAM]: StreamListener;
}

interface HeardSocket extends Socket {
  [SOCKET]: SocketListener;
}

/** Tells `listener` what comes of a stream. */
export function listenTo(stream: Socket, listener: StreamListener): void {
  (stream as HeardStream)[STREAM] = listener;
  stream.on('data', dataReceived);
  stream.on('end', readEnded);
  stream.on('finish', writeEnded);
}

/** Ends what `listenTo` began. */
export function unlisten(stream: Socket): void {
  stream.off('data', dataReceived);
  stream.off('end', readEnded);
  stream.off('finish', writeEnded);
}

/** Tells `listener` what becomes of a socket, and nobody who was told before. */
export function watchSocket(socket: Socket, listener: SocketListener): void {
  const isWatched = SOCKET in socket;
  (socket as HeardSocket)[SOCKET] = listener;
  if (isWatched) return;
  socket.on('error', failed);
  socket.on('close', closed);
}

function dataReceived(this: HeardStream, data: Buffer): void {
  this[STREAM].dataReceived(data);
}

function readEnded(this: HeardStream): void {
  this[STREAM].readEnded();
}

function writeEnded(this: HeardStream): void {
  this[STREAM].writeEnded();
}

function failed(this: HeardSocket, error: SystemError): void {
  this[SOCKET].failed(error);
}

function closed(this: HeardSocket): void {
  this[SOCKET].closed();
}
