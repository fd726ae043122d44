/** Endpoints from text, as users write them on command lines and in configuration. */
import {
  type ClientEndpoint,
  type ServerEndpoint,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
} from './endpoints.js';
import type { ReactorTCP, ReactorUNIX } from './interfaces.js';

/**
 * Where a server listens, from text.
 *
 * @param reactor - What will listen.
 * @param description - `tcp:10000`, `tcp:10000:interface=127.0.0.1:backlog=5`, `tcp6:10000`, `unix:/run/poetry.sock`,
 * `unix:/run/poetry.sock:mode=660`. A `:` inside a value is written `\:`.
 * @throws TypeError when the text is none of these.
 * @see Twisted, serverFromString
 */
export function serverFromString(reactor: ReactorTCP & ReactorUNIX, description: string): ServerEndpoint {
  const fields = new Fields(description);
  switch (fields.kind) {
    case 'tcp':
    case 'tcp6': {
      const port = fields.number('port', 0);
      const backlog = fields.optionalNumber('backlog');
      const iface = fields.text('interface') ?? (fields.kind === 'tcp6' ? '::' : '');
      fields.end();
      return new TCP4ServerEndpoint(reactor, port, { interface: iface, ...(backlog === undefined ? {} : { backlog }) });
    }
    case 'unix': {
      const path = fields.required('address', 0);
      const backlog = fields.optionalNumber('backlog');
      const mode = fields.optionalNumber('mode', 8);
      fields.end();
      return new UNIXServerEndpoint(reactor, path, {
        ...(backlog === undefined ? {} : { backlog }),
        ...(mode === undefined ? {} : { mode }),
      });
    }
    default:
      return fields.refuse('a server listens on tcp:, tcp6: or unix:');
  }
}

/**
 * Where a client connects to, from text.
 *
 * @param reactor - What will connect.
 * @param description - `tcp:localhost:10000`, `tcp:host=localhost:port=10000:timeout=5:bindAddress=127.0.0.1`,
 * `unix:/run/poetry.sock`. A `:` inside a value is written `\:`.
 * @throws TypeError when the text is none of these.
 * @see Twisted, clientFromString
 */
export function clientFromString(reactor: ReactorTCP & ReactorUNIX, description: string): ClientEndpoint {
  const fields = new Fields(description);
  const timeout = fields.optionalNumber('timeout');
  const timeoutOption = timeout === undefined ? {} : { timeout };
  switch (fields.kind) {
    case 'tcp': {
      const host = fields.required('host', 0);
      const port = fields.number('port', 1);
      const local = fields.text('bindAddress');
      fields.end();
      const bindOption = local === undefined ? {} : { bindAddress: [local, 0] as const };
      return new TCP4ClientEndpoint(reactor, host, port, { ...timeoutOption, ...bindOption });
    }
    case 'unix': {
      const path = fields.required('path', 0);
      fields.end();
      return new UNIXClientEndpoint(reactor, path, timeoutOption);
    }
    default:
      return fields.refuse('a client connects to tcp: or unix:');
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

  /** Refuses what nobody has asked for. */
  end(): void {
    const [name] = this.#names.keys();
    const extra = name ?? this.#places.find((value) => value !== undefined);
    if (extra !== undefined) this.refuse(`'${extra}' has no place in it`);
  }

  refuse(why: string): never {
    throw new TypeError(`Cannot make an endpoint of '${this.#description}': ${why}.`);
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
