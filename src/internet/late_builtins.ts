/** Node's modules for networks, loaded when they are first needed: `node:net` alone takes two milliseconds. */

let net: typeof import('node:net') | undefined;
let tls: typeof import('node:tls') | undefined;

/** `node:net` */
export function nodeNet(): typeof import('node:net') {
  net ??= process.getBuiltinModule('node:net');
  return net;
}

/** `node:tls` */
export function nodeTLS(): typeof import('node:tls') {
  tls ??= process.getBuiltinModule('node:tls');
  return tls;
}
