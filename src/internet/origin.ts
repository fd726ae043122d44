/** Where a thing was made, kept so cheaply that every timer and connection can have it. */
import { type Captured, capturedStack, captureStack } from './native_error.js';
import { isUserFrame, placeOf, splitStack, userStack } from './stack_text.js';

// Formatting a stack costs ten times as much as capturing one, so the text is made when somebody asks.
const FRAMES = 4;

/** The place in the user's code where something was made. */
export class Origin {
  readonly #captured: Captured;

  /** Use `captureOrigin`. */
  constructor(captured: Captured) {
    this.#captured = captured;
  }

  /** The frames, the innermost first, in the user's sources; without frames of Node's or of ours if others are there. */
  get stack(): string {
    const text = capturedStack(this.#captured) ?? '';
    const { frames } = splitStack(userStack(text));
    return (frames.length > 0 ? frames : splitStack(userStack(text, { all: true })).frames).join('\n');
  }

  /** `file:line:column` of the first frame in the user's code; undefined when there is none. */
  get place(): string | undefined {
    const frame = splitStack(this.stack).frames.find(isUserFrame);
    return frame === undefined ? undefined : placeOf(frame);
  }

  /** As `place`; without one that of the first frame there is, or `an unknown place`. */
  toString(): string {
    const { frames } = splitStack(this.stack);
    const frame = frames.find(isUserFrame) ?? frames[0];
    return frame === undefined ? 'an unknown place' : placeOf(frame);
  }
}

/**
 * Keeps where `called` was called.
 *
 * @param called - The public function that the user called: it and what it calls are left out.
 * @param frames - How many are kept.
 */
export function captureOrigin(
  called: ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown),
  frames: number = FRAMES,
): Origin {
  return new Origin(captureStack(called, frames));
}
