/** Keeps where servers were asked to listen. */
import type { Server } from 'node:net';
import { handOnToNode } from '../../internet/hand_on.js';
import type { Maker } from './made.js';
import { capturePlace, type Place } from './place.js';

type Listen = (this: Server, ...args: unknown[]) => Server;

let original: Listen | undefined;
let patched: Listen | undefined;
let servers = new WeakMap<object, Listened>();

/** Where a server was asked to listen, and the test that did. */
export interface Listened {
  readonly place: Place;
  readonly testId: string | undefined;
}

/** What is known of a server. */
export function listenedAt(server: object): Listened | undefined {
  return servers.get(server);
}

/** Whoever has servers listen. */
type Listener = Maker & { readonly testId?: string | undefined };

/**
 * Begins to watch, once somebody has loaded `node:net`, which takes a while.
 *
 * @param maker - Whose context it is.
 */
export function beginListenWatch(maker: () => Listener | undefined): void {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  if (patched !== undefined || moduleLoadList?.includes('NativeModule net') !== true) return;
  const { Server } = process.getBuiltinModule('node:net');
  original = Server.prototype.listen as Listen;
  const call = original;
  patched = function listen(...args) {
    const by = maker();
    if (by !== undefined) servers.set(this, { place: capturePlace(8, listen), testId: by.testId });
    return handOnToNode(call, this, args) as Server;
  };
  Server.prototype.listen = patched as typeof Server.prototype.listen;
}

/** Ends what `beginListenWatch` began. */
export function endListenWatch(): void {
  const { Server } = patched === undefined ? { Server: undefined } : process.getBuiltinModule('node:net');
  if (original !== undefined && Server !== undefined && Server.prototype.listen === patched) {
    Server.prototype.listen = original as typeof Server.prototype.listen;
  }
  original = patched = undefined;
  servers = new WeakMap();
}
