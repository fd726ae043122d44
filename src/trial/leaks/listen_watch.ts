/** Keeps where servers were asked to listen. */
import type { Server } from 'node:net';
import type { Maker } from './made.js';
import { capturePlace, type Place } from './place.js';

type Listen = (this: Server, ...args: unknown[]) => Server;

let original: Listen | undefined;
let patched: Listen | undefined;
let places = new WeakMap<object, Place>();

/** Where a server was asked to listen. */
export function listenedAt(server: object): Place | undefined {
  return places.get(server);
}

/**
 * Begins to watch, once somebody has loaded `node:net`, which takes a while.
 *
 * @param maker - Whose context it is.
 */
export function beginListenWatch(maker: () => Maker | undefined): void {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  if (patched !== undefined || moduleLoadList?.includes('NativeModule net') !== true) return;
  const { Server } = process.getBuiltinModule('node:net');
  original = Server.prototype.listen as Listen;
  const call = original;
  patched = function listen(...args) {
    if (maker() !== undefined) places.set(this, capturePlace(8, listen));
    return Reflect.apply(call, this, args);
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
  places = new WeakMap();
}
