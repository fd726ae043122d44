/** Keeps what tests do to this machine: whatever would leave it is refused, and an error of the test that tried. */
import { Failure } from '../../internet/failure.js';
import { charge, currentOwner } from '../life/attribution.js';
import { isLocalName, isLoopback } from './loopback.js';
import { NetworkRefusedError } from './network_refused_error.js';

type Connect = (this: object, ...args: unknown[]) => unknown;
type LookupCallback = (error: Error | null, address?: unknown, family?: number) => void;
type Lookup = (host: string, options: object, callback: LookupCallback) => void;

interface Target {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  readonly lookup?: unknown;
}

/**
 * From now on sockets of this process connect to this machine only, and send no datagrams anywhere else: whatever makes
 * them, Node's own clients (http, https, http2, tls, fetch) included, as all of them connect through `net.Socket`.
 *
 * A name is refused without being looked up, unless it is this machine's; with a `lookup` of its own, the addresses that
 * this gives count.
 */
export function allowOnlyLoopback(): void {
  const net = process.getBuiltinModule('node:net');
  const dgram = process.getBuiltinModule('node:dgram');
  wrap(net.Socket.prototype, 'connect', connectChecked);
  wrap(dgram.Socket.prototype, 'send', sendChecked);
  wrap(dgram.Socket.prototype, 'connect', connectDatagramsChecked);
}

function wrap(
  prototype: object,
  name: string,
  checked: (original: Connect, socket: object, args: unknown[]) => unknown,
) {
  const original = Reflect.get(prototype, name) as Connect;
  const wrapped = function (this: object, ...args: unknown[]): unknown {
    return checked(original, this, args);
  };
  Object.defineProperty(wrapped, 'name', { value: name });
  Object.defineProperty(prototype, name, { value: wrapped, writable: true, configurable: true, enumerable: true });
}

function connectChecked(original: Connect, socket: object, args: unknown[]): unknown {
  const target = targetOf(args);
  if (target === undefined || typeof target.path === 'string' || target.port === undefined) {
    return original.apply(socket, args);
  }
  const host = target.host === undefined || target.host === null ? 'localhost' : String(target.host);
  if (isLoopback(host) || isLocalName(host)) return original.apply(socket, args);
  if (typeof target.lookup === 'function' && process.getBuiltinModule('node:net').isIP(host) === 0) {
    const lookup = lookupChecked(target.lookup as Lookup, `${host}:${target.port}`);
    return original.apply(socket, withLookup(args, target, lookup));
  }
  const error = refuse(`${host}:${target.port}`);
  (socket as { connecting: boolean }).connecting = true;
  process.nextTick(() => (socket as { destroy(error: Error): void }).destroy(error));
  return socket;
}

/** What a call of `connect` says: `(options)`, `(port, host?)`, `(path)`, or those in an array as Node's own code does. */
function targetOf(args: readonly unknown[]): Target | undefined {
  const [first, second] = args;
  if (Array.isArray(first)) return targetOf(first);
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    return typeof second === 'string' ? { port: first, host: second } : { port: first };
  }
  return undefined;
}

function withLookup(args: readonly unknown[], target: Target, lookup: Lookup): unknown[] {
  const callback = (Array.isArray(args[0]) ? args[0] : args).findLast((arg: unknown) => typeof arg === 'function');
  return callback === undefined ? [{ ...target, lookup }] : [{ ...target, lookup }, callback];
}

function lookupChecked(lookup: Lookup, where: string): Lookup {
  return (host, options, callback) => {
    lookup(host, options, (error, address, family) => {
      const addresses = Array.isArray(address)
        ? address.map((entry: { address: unknown }) => entry.address)
        : [address];
      const stranger = error ? undefined : addresses.find((one) => !isLoopback(String(one)));
      if (stranger === undefined) callback(error, address, family);
      else callback(refuse(`${where} (${String(stranger)})`));
    });
  };
}

function sendChecked(original: Connect, socket: object, args: unknown[]): unknown {
  // (msg, offset, length, port, address?, callback?) or (msg, port, address?, callback?); connected ones name no port.
  const isLong = typeof args[2] === 'number' && typeof args[1] === 'number';
  const port = isLong ? args[3] : args[1];
  const address = isLong ? args[4] : args[2];
  if (typeof port !== 'number' || typeof address !== 'string' || isLoopback(address) || isLocalName(address)) {
    return original.apply(socket, args);
  }
  return refuseDatagram(socket, args, `${address}:${port}`);
}

function connectDatagramsChecked(original: Connect, socket: object, args: unknown[]): unknown {
  const [port, address] = args;
  if (typeof address !== 'string' || isLoopback(address) || isLocalName(address)) return original.apply(socket, args);
  return refuseDatagram(socket, args, `${address}:${String(port)}`);
}

function refuseDatagram(socket: object, args: readonly unknown[], where: string): undefined {
  const error = refuse(where);
  const callback = args.findLast((arg) => typeof arg === 'function') as ((error: Error) => void) | undefined;
  process.nextTick(() => {
    if (callback !== undefined) callback(error);
    else (socket as { emit(name: string, error: Error): void }).emit('error', error);
  });
  return undefined;
}

/** The error that the caller gets, and that its test has whatever the caller does with it. */
function refuse(where: string): NetworkRefusedError {
  const error = new NetworkRefusedError(where, refuse);
  const failure = new Failure(error);
  const owner = currentOwner();
  if (owner === undefined) charge(undefined, failure, 'error');
  else owner.trouble(error, failure, 'error');
  return error;
}
