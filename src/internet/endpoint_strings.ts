/** Endpoints from text, as users write them on command lines and in configuration. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClientEndpoint,
  type ServerEndpoint,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
} from './endpoints.js';
import { given } from './given.js';
import type { ReactorSSL, ReactorTCP, ReactorUNIX } from './reactor_streams.js';
import { SSL4ClientEndpoint, SSL4ServerEndpoint } from './ssl_endpoints.js';
import { CertificateOptions } from './tls_options.js';

/** What endpoints are made for: without ReactorSSL's methods there are none for TLS. */
export type EndpointReactor = ReactorTCP & ReactorUNIX & Partial<ReactorSSL>;

/**
 * Where a server listens, from text.
 *
 * @param reactor - What will listen.
 * @param description - `tcp:10000`, `tcp:10000:interface=127.0.0.1:backlog=5`, `tcp6:10000`, `unix:/run/poetry.sock`,
 * `unix:/run/poetry.sock:mode=660`, `ssl:443:privateKey=key.pem:certKey=cert.pem:extraCertChain=chain.pem`. Without a
 * privateKey that is server.pem, and without a certKey the privateKey's file has both. A `:` inside a value is written `\:`.
 * @throws TypeError when the text is none of these.
 * @see Twisted, serverFromString
 */
export function serverFromString(reactor: EndpointReactor, description: string): ServerEndpoint {
  const fields = new Fields(description);
  switch (fields.kind) {
    case 'tcp':
    case 'tcp6': {
      const port = fields.number('port', 0);
      const backlog = fields.optionalNumber('backlog');
      const iface = fields.text('interface') ?? (fields.kind === 'tcp6' ? '::' : '');
      fields.end();
      return new TCP4ServerEndpoint(reactor, port, given({ interface: iface, backlog }));
    }
    case 'ssl': {
      const port = fields.number('port', 0);
      const backlog = fields.optionalNumber('backlog');
      const iface = fields.text('interface') ?? '';
      const privateKey = fields.text('privateKey') ?? 'server.pem';
      const certificate = fields.text('certKey') ?? privateKey;
      const chain = fields.text('extraCertChain');
      fields.end();
      const parts = given({
        privateKey: fields.read('privateKey', privateKey),
        certificate: fields.read('certKey', certificate),
        extraCertChain: chain === undefined ? undefined : [fields.read('extraCertChain', chain)],
      });
      const options = given({ interface: iface, backlog });
      return new SSL4ServerEndpoint(fields.needTLS(reactor), port, new CertificateOptions(parts), options);
    }
    case 'unix': {
      const path = fields.required('address', 0);
      const backlog = fields.optionalNumber('backlog');
      const mode = fields.optionalNumber('mode', 8);
      fields.end();
      return new UNIXServerEndpoint(reactor, path, given({ backlog, mode }));
    }
    default:
      return fields.refuse('a server listens on tcp:, tcp6:, ssl: or unix:');
  }
}

/**
 * Where a client connects to, from text.
 *
 * @param reactor - What will connect.
 * @param description - `tcp:localhost:10000`, `tcp:host=localhost:port=10000:timeout=5:bindAddress=127.0.0.1`,
 * `unix:/run/poetry.sock`, `ssl:localhost:443:caCertsDir=certs:hostname=poetry.test:certKey=cert.pem:privateKey=key.pem`,
 * `tls:localhost:443:trustRoots=certs:certificate=cert.pem:privateKey=key.pem`. A `:` inside a value is written `\:`.
 * @throws TypeError when the text is none of these, or a file that it names can not be read.
 * @see Twisted, clientFromString: there `ssl:` without a hostname verifies nothing
 */
export function clientFromString(reactor: EndpointReactor, description: string): ClientEndpoint {
  const fields = new Fields(description);
  const timeout = fields.optionalNumber('timeout');
  switch (fields.kind) {
    case 'tcp': {
      const host = fields.required('host', 0);
      const port = fields.number('port', 1);
      const bindAddress = fields.localAddress();
      fields.end();
      return new TCP4ClientEndpoint(reactor, host, port, given({ timeout, bindAddress }));
    }
    case 'ssl':
    case 'tls': {
      const [certKey, roots] = fields.kind === 'ssl' ? ['certKey', 'caCertsDir'] : ['certificate', 'trustRoots'];
      const host = fields.required('host', 0);
      const port = fields.number('port', 1);
      const bindAddress = fields.localAddress();
      const hostname = fields.kind === 'ssl' ? fields.text('hostname') : undefined;
      const certificate = fields.text(certKey);
      const privateKey = fields.text('privateKey');
      const folder = fields.text(roots);
      fields.end();
      const keyFile = privateKey ?? certificate;
      const tlsOptions = given({
        cert: certificate === undefined ? undefined : fields.read(certKey, certificate),
        key: keyFile === undefined ? undefined : fields.read('privateKey', keyFile),
        ca: folder === undefined ? undefined : fields.readAll(roots, folder),
        servername: hostname,
      });
      const options = given({ timeout, bindAddress });
      return new SSL4ClientEndpoint(fields.needTLS(reactor), host, port, tlsOptions, options);
    }
    case 'unix': {
      const path = fields.required('path', 0);
      fields.end();
      return new UNIXClientEndpoint(reactor, path, given({ timeout }));
    }
    default:
      return fields.refuse('a client connects to tcp:, ssl:, tls: or unix:');
  }
}

/** The fields of a description: by place, and by name. What is asked for is taken out, so that nothing is overlooked. */
class Fields {
  readonly kind: string;
  readonly #description: string;
  readonly #places: (string | undefined)[] = [];
  readonly #names = new Map<string, string>();

  constructor(description: string) {
    this.#description = description;
    const [kind = '', ...rest] = split(description, ':');
    this.kind = plain(kind);
    for (const field of rest) {
      const [name = '', ...value] = split(field, '=');
      if (value.length === 0) this.#places.push(plain(name));
      else this.#names.set(plain(name), plain(value.join('=')));
    }
  }

  text(name: string, place = -1): string | undefined {
    const value = this.#names.get(name) ?? this.#places[place];
    if (this.#names.has(name)) this.#names.delete(name);
    else if (place >= 0) this.#places[place] = undefined;
    return value;
  }

  required(name: string, place: number): string {
    const value = this.text(name, place);
    if (value === undefined || value === '') return this.refuse(`its ${name} is missing`);
    return value;
  }

  number(name: string, place: number): number {
    return this.#parse(name, this.required(name, place));
  }

  optionalNumber(name: string, base = 10): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : this.#parse(name, value, base);
  }

  /** The local end, at any port. */
  localAddress(): readonly [host: string, port: number] | undefined {
    const host = this.text('bindAddress');
    return host === undefined ? undefined : [host, 0];
  }

  /** Refuses what nobody has asked for. */
  end(): void {
    const [name] = this.#names.keys();
    const extra = name ?? this.#places.find((value) => value !== undefined);
    if (extra !== undefined) this.refuse(`'${extra}' has no place in it`);
  }

  /** What a file holds that one of the fields names. */
  read(name: string, path: string): Buffer {
    try {
      return readFileSync(path);
    } catch (cause) {
      return this.refuse(`its ${name} can not be read: ${(cause as Error).message}`, { cause });
    }
  }

  /** What the `.pem` files of a folder hold. */
  readAll(name: string, folder: string): Buffer[] {
    if (!existsSync(folder)) this.refuse(`its ${name} '${folder}' is no folder`);
    const files = readdirSync(folder).filter((file) => file.endsWith('.pem'));
    return files.map((file) => this.read(name, join(folder, file)));
  }

  needTLS(reactor: EndpointReactor): ReactorSSL {
    const { listenSSL, connectSSL } = reactor;
    if (listenSSL === undefined || connectSSL === undefined) return this.refuse('this reactor speaks no TLS');
    return reactor as ReactorSSL;
  }

  refuse(why: string, options?: ErrorOptions): never {
    throw new TypeError(`Cannot make an endpoint of '${this.#description}': ${why}.`, options);
  }

  #parse(name: string, text: string, base = 10): number {
    const valid = base === 8 ? /^[0-7]+$/ : /^[0-9]+$/;
    if (!valid.test(text)) this.refuse(`its ${name} '${text}' is no number`);
    return Number.parseInt(text, base);
  }
}

/** Splits at a character, except where a backslash stands before it. */
function split(text: string, at: ':' | '='): string[] {
  const parts = [''];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === at) parts.push('');
    else parts[parts.length - 1] += character === '\\' ? character + text.charAt(++index) : character;
  }
  return parts;
}

function plain(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
