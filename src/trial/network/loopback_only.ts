/** Keeps what tests do to this machine: whatever would leave it is refused, and an error of the test that tried. */
import { handOnToNode } from '../../internet/hand_on.js';
import { standIn } from '../../internet/stand_in.js';
import { allowOnlyLocalNames } from './local_names.js';
import { isLocalName, isLoopback } from './loopback.js';
import { refuse } from './refuse.js';

/** Returns the arguments to go on with; undefined if it has refused, and told the socket so. */
type Check = (socket: object, args: readonly unknown[]) => readonly unknown[] | undefined;
type LookupCallback = (error: Error | null, address?: unknown, family?: number) => void;
type Lookup = (host: string, options: object, callback: LookupCallback) => void;

interface Target {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  readonly lookup?: unknown;
}

/**
 * From now on sockets of this process connect to this machine only, and send no datagrams or questions for names anywhere
 * else: whatever makes them, Node's own clients (http, https, http2, tls, fetch) included, as all of them connect through
 * `net.Socket`.
 *
 * A name is refused without being looked up, unless it is this machine's; with a `lookup` of its own, the addresses that
 * this gives count.
 */
export function allowOnlyLoopback(): void {
  const net = process.getBuiltinModule('node:net');
  const dgram = process.getBuiltinModule('node:dgram');
  replace(net.Socket.prototype, 'connect', checkConnect, (socket) => socket);
  replace(dgram.Socket.prototype, 'send', checkSend, nothing);
  replace(dgram.Socket.prototype, 'connect', checkConnectDatagrams, nothing);
  allowOnlyLocalNames();
}

/** @param answer - What is returned where a call is refused. */
function replace(prototype: object, name: string, check: Check, answer: (socket: object) => unknown): void {
  standIn(prototype, name, (original) => {
    return function checked(this: object, ...args) {
      const allowed = check(this, args);
      return allowed === undefined ? answer(this) : handOnToNode(original, this, allowed);
    };
  });
}

function nothing(): undefined {
  return undefined;
}

function checkConnect(socket: object, args: readonly unknown[]): readonly unknown[] | undefined {
  const target = targetOf(args);
  if (target === undefined || typeof target.path === 'string' || target.port === undefined) return args;
  const host = target.host === undefined || target.host === null ? 'localhost' : String(target.host);
  if (isLoopback(host)) return args;
  if (typeof target.lookup === 'function' && process.getBuiltinModule('node:net').isIP(host) === 0) {
    return withLookup(args, target, lookupChecked(target.lookup as Lookup, `${host}:${target.port}`));
  }
  if (isLocalName(host)) return args;
  const error = refuse(`Connecting to ${host}:${target.port}`);
  (socket as { connecting: boolean }).connecting = true;
  process.nextTick(() => (socket as { destroy(error: Error): void }).destroy(error));
  return undefined;
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
      else callback(refuse(`Connecting to ${where} (${String(stranger)})`));
    });
  };
}

function checkSend(socket: object, args: readonly unknown[]): readonly unknown[] | undefined {
  // (msg, offset, length, port, address?, callback?) or (msg, port, address?, callback?); connected ones name no port.
  const isLong = typeof args[2] === 'number' && typeof args[1] === 'number';
  const port = isLong ? args[3] : args[1];
  const address = isLong ? args[4] : args[2];
  if (typeof port !== 'number' || typeof address !== 'string' || isLoopback(address) || isLocalName(address)) {
    return args;
  }
  return refuseDatagram(socket, args, `Sending to ${address}:${port}`);
}

function checkConnectDatagrams(socket: object, args: readonly unknown[]): readonly unknown[] | undefined {
  const [port, address] = args;
  if (typeof address !== 'string' || isLoopback(address) || isLocalName(address)) return args;
  return refuseDatagram(socket, args, `Connecting to ${address}:${String(port)}`);
}

function refuseDatagram(socket: object, args: readonly unknown[], deed: string): undefined {
  const error = refuse(deed);
  const callback = args.findLast((arg) => typeof arg === 'function') as ((error: Error) => void) | undefined;
  process.nextTick(() => {
    if (callback !== undefined) callback(error);
    else (socket as { emit(name: string, error: Error): void }).emit('error', error);
  });
  return undefined;
}
