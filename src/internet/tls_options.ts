/** How TLS is spoken: certificates, keys, and whom to trust. */
import type { ConnectionOptions, SecureContext, SecureContextOptions, TlsOptions } from 'node:tls';
import { SSLError } from './errors.js';
import { given } from './given.js';
import { nodeTLS } from './late_builtins.js';

/**
 * Node's options for TLS: `key` and `cert` are what this end shows, `ca` whom it trusts instead of the well-known
 * authorities, all in PEM. `requestCert` has a server ask for the client's certificate. `servername` is the name that a
 * client expects in the server's certificate, by default the host that it connected to. With `rejectUnauthorized: false`
 * the other end's certificate is not verified.
 */
export type TLSOptions = SecureContextOptions &
  Pick<
    ConnectionOptions,
    'ALPNProtocols' | 'checkServerIdentity' | 'rejectUnauthorized' | 'requestCert' | 'secureContext' | 'servername'
  > &
  Pick<TlsOptions, 'SNICallback'>;

/**
 * Gives the options for TLS.
 *
 * @see Twisted, ssl.ContextFactory
 */
export interface ContextFactory {
  /** Is called for each connection; when it returns the same object again, that is not read again. */
  getContext(): TLSOptions;
}

/** A PEM text, or several. */
type PEM = string | Buffer | (string | Buffer)[];

/** What a CertificateOptions is made of. */
export interface CertificateOptionsParts {
  /** The key of `certificate`, in PEM. */
  readonly privateKey?: string | Buffer;
  /** What this end shows, in PEM; intermediate certificates may follow it in the same text. */
  readonly certificate?: string | Buffer;
  /** Certificates between `certificate` and the authority that others trust. */
  readonly extraCertChain?: readonly (string | Buffer)[];
  /** Whom this end trusts; a server that is given this asks its clients for certificates. */
  readonly trustRoot?: PEM;
  /** Names of protocols to choose from (ALPN), the best first. */
  readonly acceptableProtocols?: string[];
}

/**
 * The certificate and the key of one end, and whom it trusts.
 *
 * @example
 * const options = new CertificateOptions({ privateKey: readFileSync('key.pem'), certificate: readFileSync('cert.pem') });
 * reactor.listenSSL(443, factory, options);
 * @see Twisted, ssl.CertificateOptions: there a client without a trustRoot verifies nothing.
 */
export class CertificateOptions implements ContextFactory {
  readonly #options: TLSOptions;

  constructor(parts: CertificateOptionsParts) {
    this.#options = optionsOf(parts);
  }

  getContext(): TLSOptions {
    return this.#options;
  }
}

/** Whom a client trusts, and what it shows of itself. */
export interface ClientTLSParts {
  /** Whom the client trusts, in PEM; by default the well-known authorities. */
  readonly trustRoot?: PEM;
  /** What the client shows to a server that asks for it. */
  readonly clientCertificate?: { readonly privateKey: string | Buffer; readonly certificate: string | Buffer };
  /** Names of protocols to choose from (ALPN), the best first. */
  readonly acceptableProtocols?: string[];
}

/**
 * What a client speaks TLS with.
 *
 * @param hostname - The name that has to be in the server's certificate.
 * @see Twisted, ssl.optionsForClientTLS
 */
export function optionsForClientTLS(
  hostname: string,
  { clientCertificate, ...parts }: ClientTLSParts = {},
): ContextFactory {
  const options: TLSOptions = { ...optionsOf({ ...parts, ...clientCertificate }), servername: hostname };
  return { getContext: () => options };
}

function optionsOf(parts: CertificateOptionsParts): TLSOptions {
  const { privateKey, certificate, extraCertChain = [], trustRoot, acceptableProtocols } = parts;
  return given({
    key: privateKey,
    cert: certificate === undefined ? undefined : [certificate, ...extraCertChain].join('\n'),
    ca: trustRoot,
    requestCert: trustRoot === undefined ? undefined : true,
    ALPNProtocols: acceptableProtocols,
  });
}

/** @internal The options that a context factory stands for. */
export function tlsOptionsOf(contextFactory: TLSOptions | ContextFactory): TLSOptions {
  return 'getContext' in contextFactory ? contextFactory.getContext() : contextFactory;
}

// To read keys and certificates takes longer than all the rest of a connection, and tickets to come back with are
// good for one context only.
const contexts = new WeakMap<TLSOptions, SecureContext>();

/**
 * @internal What Node makes of options, made once.
 * @throws SSLError when a key or a certificate can not be read.
 */
export function secureContextOf(options: TLSOptions): SecureContext {
  const known = options.secureContext ?? contexts.get(options);
  if (known !== undefined) return known;
  try {
    // Without a name for its sessions a server that asks for certificates can not take a client back.
    const context = nodeTLS().createSecureContext({ sessionIdContext: 'txtrial', ...options });
    contexts.set(options, context);
    return context;
  } catch (error) {
    const { message } = error as Error;
    throw new SSLError(`Cannot speak TLS with this key and certificate: ${message}.`, { cause: error });
  }
}
