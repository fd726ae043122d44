/** Sees packages make emitters: their clients, watchers and streams are some, made where the user calls for them. */
import { EventEmitter } from 'node:events';
import { type Method, standIn } from '../../internet/stand_in.js';
import { enterCall } from './called_place.js';
import type { Maker } from './made.js';
import { capturePlace, watchCalls } from './place.js';

/** Between the user's code and an emitter there may be many. */
const FRAMES = 64;

/** Prototypes, and whether packages make objects with them. */
let classes = new WeakMap<object, boolean>();
let undo: () => void = () => {};

/** Begins to watch. @param maker - Whose context it is. */
export function beginPackageWatch(maker: () => Maker | undefined): void {
  watchCalls(maker);
  // What `node:domain` does as well, to hear of all that are made.
  undo = standIn(EventEmitter, 'init', (init: Method) => {
    return function initWatched(this: object, ...args) {
      // Not its constructor: mixing EventEmitter into a class, as some packages do, gives that away.
      const type: unknown = Object.getPrototypeOf(this);
      if (isObject(type) && type !== EventEmitter.prototype && classes.get(type) !== false) {
        noteEmitter(type, maker(), initWatched);
      }
      return Reflect.apply(init, this, args);
    };
  });
}

/** Ends what `beginPackageWatch` began. */
export function endPackageWatch(): void {
  undo();
  undo = () => {};
  classes = new WeakMap();
}

function noteEmitter(type: object, maker: Maker | undefined, above: Method): void {
  if (maker === undefined) return;
  const place = capturePlace(FRAMES, above);
  let isPackages = classes.get(type);
  if (isPackages === undefined) {
    isPackages = place.isMadeByPackage;
    classes.set(type, isPackages);
  }
  // What a package makes later is nobody's call; the one before that still stands.
  if (isPackages && place.hasUsersLine) enterCall(place, maker);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
