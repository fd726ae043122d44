/** Where the user called a package that goes on by itself: what it makes later has nothing of its caller on the stack. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Maker } from './made.js';
import type { Place } from './place.js';

interface Call {
  readonly place: Place;
  readonly maker: Maker;
}

let store: AsyncLocalStorage<Call> | undefined;

/** From now on what goes on from here was called there. */
export function enterCall(place: Place, maker: Maker): void {
  store ??= new AsyncLocalStorage();
  store.enterWith({ place, maker });
}

/** The last call in whose context this is called; one of another maker's was before, and has nothing to do with it. */
export function currentCall(maker: () => Maker | undefined): Place | undefined {
  const call = store?.getStore();
  return call !== undefined && call.maker === maker() ? call.place : undefined;
}
