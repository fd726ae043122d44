/** Certificates, and connections that speak TLS. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ListenSSLOptions, reactor, type TLSOptions } from 'txtrial/internet';
import type { Way } from './connections.js';

/** Where a certificate or a key lies. */
export function tlsFile(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

/** What a server shows, or a client. */
export function identity(name: 'server' | 'expired' | 'stranger' | 'client') {
  return { key: readFileSync(tlsFile(`${name}.key`)), cert: readFileSync(tlsFile(`${name}.pem`)) };
}

/** Trusts those whom our authority vouches for. */
export const trusting = { ca: readFileSync(tlsFile('ca.pem')) };

/** Connects over TLS from the start. */
export function overTLS(server: TLSOptions, client: TLSOptions = trusting, options: ListenSSLOptions = {}): Way {
  return {
    listen: (factory) => reactor.listenSSL(0, factory, server, { interface: '127.0.0.1', ...options }),
    connect: (port, factory) => reactor.connectSSL('127.0.0.1', port, factory, client),
  };
}
