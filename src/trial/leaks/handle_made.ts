/** What all have in common that are over a handle of Node's, on a maker's books. */
import { type Handle, isOpen, ownerOf } from './handle.js';
import type { LeakKind, Made, State } from './made.js';
import type { Place } from './place.js';

/** What the objects of the public API have in common, as far as it is used here. */
export interface Owner {
  readonly destroyed?: boolean;
  readonly _handle?: object | null;
  readonly closed?: boolean;
  readonly writableEnded?: boolean;
  readonly listening?: boolean;
  readonly killed?: boolean;
  readonly exitCode?: number | null;
  readonly signalCode?: string | null;
  readonly pid?: number;
  readonly spawnargs?: readonly string[];
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly connecting?: boolean;
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  readonly connected?: boolean;
  readonly stdio?: readonly (Owner | null | undefined)[];
  readonly stdout?: Output | null;
  readonly stderr?: Output | null;
  readonly constructor: { readonly name: string };
  address?(): unknown;
  on?(event: string, listener: () => void): unknown;
  close?(): unknown;
  closeAllConnections?(): void;
  closeIdleConnections?(): void;
  destroy?(): unknown;
  kill?(signal: NodeJS.Signals): boolean;
  stop?(): void;
}

interface Output {
  readonly readableFlowing?: boolean | null;
  readonly readableEnded?: boolean;
}

/** Something over a handle of Node's. */
export abstract class HandleMade implements Made {
  abstract readonly kind: LeakKind;
  protected readonly handle: Handle;
  readonly #place: Place;

  constructor(handle: object, place: Place) {
    this.handle = handle as Handle;
    this.#place = place;
  }

  get place(): Place {
    return this.#place;
  }

  state(): State {
    return isOpen(this.handle) ? 'left' : 'gone';
  }

  abstract describe(): string;

  /** Ends the object of the public API; where there is none, the handle. */
  close(): void {
    const { owner } = this;
    if (owner === undefined) {
      this.handle.close?.();
      return;
    }
    // What comes of it is no news.
    owner.on?.('error', ignore);
    this.end(owner);
  }

  protected end(owner: Owner): void {
    if (owner.close === undefined) this.handle.close?.();
    else owner.close();
  }

  /** Whether it keeps the process alive. */
  get hasRef(): boolean {
    return this.handle.hasRef?.() === true;
  }

  protected get owner(): Owner | undefined {
    return ownerOf<Owner>(this.handle);
  }
}

/** What an object is called in a description. */
export function nameOf(owner: Owner | undefined, fallback: string): string {
  const name = owner?.constructor.name;
  if (name === undefined) return fallback;
  if (name === 'Server') return owner !== undefined && 'requestTimeout' in owner ? 'HTTP server' : 'server';
  return name === 'Socket' ? 'socket' : name;
}

/** An address as users write it. */
export function addressText(address: unknown): string {
  if (typeof address === 'string') return address;
  if (typeof address !== 'object' || address === null) return 'an unknown address';
  const { address: host, port } = address as { readonly address?: string; readonly port?: number };
  return `${host?.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What comes of closing by force is no news. */
export function ignore(): undefined {
  return undefined;
}
