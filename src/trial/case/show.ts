/** Values as text in the message of an assertion: bounded, so that a large one does not bury the rest. */
import { inspect } from 'node:util';

/** The longest that {@link show} makes one value. */
const longest = 400;

/** A value in one message: on one line where it is short, cut where it is long. */
export function show(value: unknown): string {
  const text = withoutFrames(inspect(value, { depth: 4, maxArrayLength: 50, maxStringLength: 2000, breakLength: 100 }));
  if (text.length <= longest) return text;
  const head = Math.ceil(longest * 0.7);
  const left = text.length - longest;
  return `${text.slice(0, head)} … ${left} characters left out … ${text.slice(head - longest)}`;
}

/**
 * What `inspect` says of errors, without the frames of their stacks: two errors that differ do not differ in them, and they are
 * not in the user's sources. Text in objects has no line ends, so nothing else looks like a frame.
 */
export function withoutFrames(inspected: string): string {
  return inspected.replace(/\n +at [^\n]*?(?=(?: \{)?,?(?:\n|$))/g, '');
}

/** At most so many lines: the first and last ones, and how many were left out between them. */
export function cutMiddle(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  const head = Math.ceil(most * 0.7);
  const tail = most - head;
  return [...lines.slice(0, head), `  … ${lines.length - most} more lines …`, ...(tail > 0 ? lines.slice(-tail) : [])];
}
