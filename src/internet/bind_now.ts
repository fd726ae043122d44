/**
 * Binds and listens before it returns.
 *
 * `net.Server.listen` reports in a later turn. The handle under it does both at once, and `net._createServerHandle`,
 * which makes one, is there in every Node from 0.x to 26 but undocumented: it is used in this file and nowhere else.
 */
import type { Server } from 'node:net';
import { getSystemErrorMap } from 'node:util';
import { nodeNet } from './late_builtins.js';
import type { SystemError } from './node_errors.js';

interface Handle {
  listen(backlog: number): number;
  getsockname?(out: { address?: string; port?: number }): number;
  close(): void;
}

type CreateServerHandle = (address: string, port: number, addressType?: 4 | 6 | -1) => Handle | number;

/**
 * Binds a TCP port on an interface and has a server listen there.
 *
 * In a cluster's worker the port is the worker's own and not shared by the cluster's primary.
 *
 * @param iface - An IP number, a name, or `''` for every IPv4 interface.
 * @returns Where it is bound to: the IP number, and the port that the system chose for port 0.
 * @throws The system's error with `code` and `errno`.
 */
export function listenNow(
  server: Server,
  iface: string,
  port: number,
  backlog: number,
): { readonly address: string; readonly port: number } {
  requirePort(port);
  const address = lookupInterface(iface);
  const handle = listening(createHandle()(address, port, address.includes(':') ? 6 : 4), backlog, address);
  const name: { address?: string; port?: number } = {};
  handle.getsockname?.(name);
  server.listen(handle, backlog);
  return { address: name.address ?? address, port: name.port ?? port };
}

/**
 * Makes a UNIX socket and has a server listen there.
 *
 * @throws The system's error with `code` and `errno`.
 */
export function listenUNIXNow(server: Server, path: string, backlog: number): void {
  // Node 20 cuts a path that is too long, and listens somewhere else.
  if (isTooLongForUNIX(path)) {
    throw Object.assign(new Error(`the path is longer than ${MOST_PATH_BYTES} bytes`), { code: 'ENAMETOOLONG' });
  }
  // For a path net.Server listens at once; only why it does not it says later, so the system is asked again.
  const ignore = (): void => {};
  server.on('error', ignore);
  server.listen({ path, backlog, exclusive: true });
  if (server.listening) {
    server.off('error', ignore);
    return;
  }
  listening(createHandle()(path, -1, -1), backlog, path).close();
  throw new Error('the system refused for a moment');
}

// What a sockaddr_un holds, without the final zero.
const MOST_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Whether a path does not fit into the address of a UNIX socket. */
export function isTooLongForUNIX(path: string): boolean {
  return Buffer.byteLength(path) > MOST_PATH_BYTES;
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

/** Whether a TCP port could be listened on now, on every interface. */
export function isPortFree(port: number): boolean {
  const create = createHandle();
  // The first one stands for IPv4 too, where there is IPv6.
  for (const address of ['::', '0.0.0.0']) {
    const made = create(address, port, address === '::' ? 6 : 4);
    if (typeof made === 'number') {
      if (getSystemErrorMap().get(made)?.[0] === 'EADDRINUSE') return false;
      continue;
    }
    const status = made.listen(1);
    made.close();
    return status === 0;
  }
  return false;
}

/** Refuses what is no port to listen on. */
export function requirePort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return;
  throw Object.assign(new RangeError('the port is no integer from 0 to 65535'), { code: 'ERR_SOCKET_BAD_PORT' });
}

/** The IP number of an interface, which may be given by name; `''` is every IPv4 interface. */
export function lookupInterface(iface: string): string {
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
