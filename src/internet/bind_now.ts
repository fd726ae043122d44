/**
 * Binds and listens before it returns.
 *
 * `net.Server.listen` reports in a later turn. The handle under it does both at once, and `net._createServerHandle`,
 * which makes one, is there in every Node from 0.x to 26 but undocumented: it is used in this file and nowhere else.
 */
import { getSystemErrorMap } from 'node:util';
import { nodeNet } from './late_builtins.js';
import type { SystemError } from './node_errors.js';

/** A bound, listening socket, as `net.Server.listen` takes it. */
export interface ListeningHandle {
  readonly handle: object;
  /** Where it is bound to: the IP number, and the port that the system chose for port 0. */
  readonly address: string;
  readonly port: number;
}

interface Handle {
  listen(backlog: number): number;
  getsockname?(out: { address?: string; port?: number }): number;
  close(): void;
}

type CreateServerHandle = (address: string, port: number, addressType?: 4 | 6 | -1) => Handle | number;

/**
 * Binds a TCP port on an interface and listens.
 *
 * In a cluster's worker the port is the worker's own and not shared by the cluster's primary.
 *
 * @param iface - An IP number, a name, or `''` for every IPv4 interface.
 * @throws The system's error with `code` and `errno`.
 */
export function listenNow(iface: string, port: number, backlog: number): ListeningHandle {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw Object.assign(new RangeError('the port is no integer from 0 to 65535'), { code: 'ERR_SOCKET_BAD_PORT' });
  }
  const address = addressOf(iface);
  const handle = listening(createHandle()(address, port, address.includes(':') ? 6 : 4), backlog, address);
  const name: { address?: string; port?: number } = {};
  handle.getsockname?.(name);
  return { handle, address: name.address ?? address, port: name.port ?? port };
}

/**
 * Makes a UNIX socket and listens.
 *
 * @throws The system's error with `code` and `errno`.
 */
export function listenUNIXNow(path: string, backlog: number): object {
  return listening(createHandle()(path, -1, -1), backlog, path);
}

function createHandle(): CreateServerHandle {
  const create: unknown = Reflect.get(nodeNet(), '_createServerHandle');
  if (typeof create !== 'function') {
    throw new Error(`Node ${process.version} has no net._createServerHandle. Please report it.`);
  }
  return create as CreateServerHandle;
}

function listening(made: Handle | number, backlog: number, address: string): Handle {
  if (typeof made === 'number') throw systemError('bind', made, address);
  // An address in use is sometimes reported by bind, sometimes only here.
  const status = made.listen(backlog);
  if (status !== 0) {
    made.close();
    throw systemError('listen', status, address);
  }
  return made;
}

function systemError(syscall: string, errno: number, address: string): SystemError {
  const [code, text] = getSystemErrorMap().get(errno) ?? [`errno ${errno}`, 'unknown error'];
  return Object.assign(new Error(text), { code, errno, syscall, address });
}

function addressOf(iface: string): string {
  if (iface === '') return '0.0.0.0';
  if (iface === 'localhost') return '127.0.0.1';
  if (nodeNet().isIP(iface) !== 0) return iface;
  return lookupNow(iface);
}

/** Node looks names up in a later turn only, so another process waits for the answer. Interfaces rarely have names. */
function lookupNow(host: string): string {
  const script =
    'require("dns").lookup(process.argv[1],{all:true},(e,a)=>e?process.exit(1):' +
    'console.log((a.find((x)=>x.family===4)??a[0]).address))';
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    return execFileSync(process.execPath, ['-e', script, host], { encoding: 'utf8', env, stdio: 'pipe' }).trim();
  } catch (cause) {
    const options = { cause };
    throw Object.assign(new Error(`no such host '${host}'`, options), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
  }
}
