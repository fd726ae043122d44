/** Where a thing was made, kept cheaply: the text is made for what is left over alone. */

import { isHandingOn } from '../../internet/hand_on.js';
import { type Captured, capturedStack, captureStack } from '../../internet/native_error.js';
import { isUserFrame, placeOf, splitStack, userStack } from '../../internet/stack_text.js';
import { currentCall } from './called_place.js';
import type { Maker } from './made.js';
import { ownFramesBelow } from './own_frames.js';

/** Frames of Node's that only hand on what the caller asked for. */
const HANDS_ON =
  /^(?:node:(?:internal\/)?(?:timers|async_hooks|inspector_async_hook|util|async_local_storage|diagnostics_channel)|node:events|<anonymous>|native)/;
/** Frames of Node's between what is made and the constructor of a class that extends EventEmitter or a stream. */
const MAKES_EMITTER = /^(?:node:(?:events|stream|internal\/streams)|<anonymous>|native)/;
// No package's name begins with a dot: what is cached in .cache are the user's own modules.
const IN_PACKAGE = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/.][^\\/]*)(?!.*[\\/]node_modules[\\/])/;
const BUILT_IN_PACKAGE = /node:internal\/deps\/([^\\/]+)/;

/** The place in the user's code where something was made. */
export class Place {
  readonly #captured: Captured;
  readonly #parent: Place | undefined;
  /** The last call of a package in whose context it was made. */
  readonly #call: Place | undefined;
  #frames: readonly string[] | undefined;

  /** Use `capturePlace`. */
  constructor(captured: Captured, parent: Place | undefined, call: Place | undefined) {
    this.#captured = captured;
    this.#parent = parent;
    this.#call = call;
  }

  /** All frames as captured, the innermost first; without those of functions of ours that stand in for Node's. */
  get frames(): readonly string[] {
    this.#frames ??= withoutStandIns(splitStack(capturedStack(this.#captured) ?? '').frames);
    return this.#frames;
  }

  /** Whether any of the frames has this text. */
  includes(text: string): boolean {
    return this.frames.some((frame) => frame.includes(text));
  }

  /** Whether this package made it for itself: the reactor keeps books of its own. */
  get isOwn(): boolean {
    // A `fetch` is watched by a function of ours, which hands on what the user asked undici for.
    const first = this.frames.find((frame) => !isNode(placeOf(frame)) || BUILT_IN_PACKAGE.test(frame));
    return first !== undefined && !isNode(placeOf(first)) && !isUserFrame(first);
  }

  /** Whether code outside of Node asked for it, and not Node for something else. */
  get isDirect(): boolean {
    const first = this.frames.find((frame) => !HANDS_ON.test(placeOf(frame)));
    return first !== undefined && !isNode(placeOf(first));
  }

  /** Whether code outside of Node asked for it, and nothing of Node's stands between but these modules. */
  isDirectThrough(modules: RegExp): boolean {
    for (const frame of this.frames) {
      const place = placeOf(frame);
      if (!isNode(place)) return true;
      if (!HANDS_ON.test(place) && !modules.test(place)) return false;
    }
    return false;
  }

  /** The function of Node's that the user called, with its module: `Object.close (node:fs:1:2)`. */
  get called(): string {
    const user = this.frames.findIndex((frame) => !isNode(placeOf(frame)));
    const inner = user === -1 ? this.frames : this.frames.slice(0, user);
    const called = inner.findLast((frame) => !HANDS_ON.test(placeOf(frame))) ?? inner.at(-1) ?? '';
    return called.replace(/^\s*at /, '');
  }

  /** Of the constructor of an emitter, whether a package's code makes it. */
  get isMadeByPackage(): boolean {
    const first = this.frames.find((frame) => !MAKES_EMITTER.test(placeOf(frame)));
    return first !== undefined && IN_PACKAGE.test(first);
  }

  /** Packages whose code stands between the thing and the user's own code. */
  get packages(): readonly string[] {
    const names = this.#ownPackages;
    for (const name of this.#isKnown ? [] : (this.#parent?.packages ?? [])) names.add(name);
    return [...names];
  }

  /** The stack for an error: frames of the user's code, as captured. */
  get userFrames(): readonly string[] {
    const frames = this.frames.filter(isUserFrame);
    const call = this.#callOfPackage;
    if (call !== undefined)
      return [...frames.slice(0, 3), ...call.userFrames.filter((frame) => !IN_PACKAGE.test(frame))];
    return frames.length > 0 || this.#parent === undefined ? frames : this.#parent.userFrames;
  }

  /** Whether it is known where the user's own code had it made. */
  get hasUsersLine(): boolean {
    const frame = this.#frame;
    return frame !== undefined && !IN_PACKAGE.test(frame);
  }

  /** `file:line:column` in the user's own code, or else in a package's, or `an unknown place`. */
  toString(): string {
    const frame = this.#frame;
    return frame === undefined ? 'an unknown place' : placeOf(frame);
  }

  get #frame(): string | undefined {
    const { frames } = splitStack(userStack(this.userFrames.join('\n')));
    return frames.find((candidate) => !IN_PACKAGE.test(candidate)) ?? frames[0];
  }

  get #isKnown(): boolean {
    return this.frames.some(isUserFrame);
  }

  get #ownPackages(): Set<string> {
    const names = new Set<string>();
    for (const frame of this.frames) {
      const name = IN_PACKAGE.exec(frame)?.[1] ?? BUILT_IN_PACKAGE.exec(frame)?.[1];
      if (name !== undefined) names.add(name.replaceAll('\\', '/'));
      else if (isUserFrame(frame)) break;
    }
    return names;
  }

  /** The call, if it was one of a package that has made this by itself. */
  get #callOfPackage(): Place | undefined {
    if (this.#call === undefined || this.frames.some((frame) => isUserFrame(frame) && !IN_PACKAGE.test(frame))) {
      return undefined;
    }
    const called = this.#call.#ownPackages;
    return [...this.#ownPackages].some((name) => called.has(name)) ? this.#call : undefined;
  }
}

/** The place of what nobody has kept one for. */
export const UNKNOWN_PLACE = new Place({}, undefined, undefined);

let currentMaker: () => Maker | undefined = () => undefined;

/** Has places know of the calls of packages. @param maker - Whose context it is. */
export function watchCalls(maker: () => Maker | undefined): void {
  currentMaker = maker;
}

/**
 * Keeps the place of now.
 *
 * @param frames - So many are kept: those of Node between the thing and the user's code come first.
 * @param above - This function, and all that it calls, is left out.
 * @param parent - Stands in when no code of the user's is among the frames.
 */
export function capturePlace(frames: number, above: (...args: never[]) => unknown, parent?: Place): Place {
  return new Place(captureStack(above, frames + ownFramesBelow()), parent, currentCall(currentMaker));
}

function withoutStandIns(frames: readonly string[]): readonly string[] {
  const isStandIn = (frame: string | undefined) => frame !== undefined && isHandingOn(frame) && !isUserFrame(frame);
  return frames.filter((frame, i) => !isStandIn(frame) && !isStandIn(frames[i - 1]));
}

function isNode(place: string): boolean {
  return place.startsWith('node:') || place === '<anonymous>' || place === 'native';
}
