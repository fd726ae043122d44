/** Stack text as the user should see it: in the lines of their own sources, without frames of Node's or of ours. */

const FRAME = /^\s+at /;
/** Where `Promise.all` and the like wait. */
const IN_PROMISES = /^index \d+$/;

let mapper: ((stack: string) => string) | undefined;
let ownFolder: string | undefined;

/**
 * Says how a stack's places are found in the sources that the user wrote.
 *
 * @param map - Is given the text of a stack and returns it with mapped places; undefined ends the mapping.
 */
export function setStackMapper(map: ((stack: string) => string) | undefined): void {
  mapper = map;
}

/** The text of a stack with its places mapped to the user's sources; unchanged as long as no mapper is set. */
export function mapStack(stack: string): string {
  return mapper === undefined ? stack : mapper(stack);
}

/** Splits the text of a stack into what was said and the frames. */
export function splitStack(stack: string): { readonly head: string; readonly frames: readonly string[] } {
  const lines = stack.split('\n');
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first === -1) return { head: stack, frames: [] };
  return { head: lines.slice(0, first).join('\n'), frames: lines.slice(first).filter((line) => FRAME.test(line)) };
}

/**
 * The text of a stack for the user: the message, then the frames of their own code in their own sources.
 *
 * @param stack - The text of an error's `stack`.
 * @param options - `all` keeps the frames of Node and of this package.
 */
export function userStack(stack: string, { all = false }: { readonly all?: boolean } = {}): string {
  const mapped = mapStack(stack);
  if (all) return mapped;
  const { head, frames } = splitStack(mapped);
  return [head, ...frames.filter(isUserFrame)].join('\n');
}

/** `file:line:column` of a frame, or the name of what has no place. */
export function placeOf(frame: string): string {
  const text = frame.replace(FRAME, '');
  const inParentheses = /\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(text);
  return (inParentheses?.[1] ?? text.replace(/^async /, '')).replace(/^file:\/\//, '');
}

/** Whether a frame is neither Node's nor ours. */
export function isUserFrame(frame: string): boolean {
  const place = placeOf(frame);
  if (place.startsWith('node:') || place.startsWith(own())) return false;
  return place !== '<anonymous>' && place !== 'native' && !IN_PROMISES.test(place);
}

/** The folder that all of this package's code lies in: dist/ when it is built. */
function own(): string {
  if (ownFolder === undefined) {
    const here = import.meta.url.replace(/^file:\/\//, '');
    const built = here.lastIndexOf('/dist/');
    ownFolder = built === -1 ? here.slice(0, here.lastIndexOf('/src/') + 5) : here.slice(0, built + 6);
  }
  return ownFolder;
}
