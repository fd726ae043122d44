/** Remembers which servers and UDP sockets of this process there are, for whoever finds a port or a path in use. */
import { isOpen, ownerOf } from './handle.js';
import type { Owner } from './handle_made.js';
import type { Made, Maker } from './made.js';

// Taken before any test can replace it.
const { WeakRef: WeakReference } = globalThis;

/** What has a port, and the test that made it. */
export interface PortHolder {
  readonly made: Made;
  readonly testId: string | undefined;
}

/** So many are kept before those that are closed are thrown out. */
const PRUNE_AT = 64;

let handles: WeakRef<object>[] = [];
let pruneAt = PRUNE_AT;
let holders = new WeakMap<object, PortHolder>();

/** A handle was made that may be bound to a port. */
export function notePortHolder(handle: object, made: Made, { testId }: Maker & { readonly testId?: string }): void {
  holders.set(handle, { made, testId });
  handles.push(new WeakReference(handle));
  if (handles.length < pruneAt) return;
  handles = handles.filter((ref) => {
    const there = ref.deref();
    return there !== undefined && isOpen(there);
  });
  pruneAt = Math.max(PRUNE_AT, handles.length * 2);
}

/** Forgets all. */
export function endPortWatch(): void {
  handles = [];
  holders = new WeakMap();
}

/** What listens on a TCP port or, given its path, a UNIX socket (`server`), or is bound to a UDP port (`udp`). */
export function portHolder(kind: 'server' | 'udp', at: number | string): PortHolder | undefined {
  for (const ref of handles) {
    const handle = ref.deref();
    const holder = handle === undefined ? undefined : holders.get(handle);
    if (handle !== undefined && holder?.made.kind === kind && isAt(handle, at)) return holder;
  }
  return undefined;
}

function isAt(handle: object, at: number | string): boolean {
  let address: unknown;
  try {
    address = ownerOf<Owner>(handle)?.address?.();
  } catch {
    // A UDP socket that is not bound, or not any more.
  }
  if (typeof address !== 'object' || address === null) return address === at;
  return Reflect.get(address, 'port') === at;
}
