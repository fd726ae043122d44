import picocolors from 'picocolors';
import type { OutcomeKind } from '../events/events.js';

/** Colours of a terminal, by what they mean. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue';

const COLOURED = picocolors.createColors(true);
const PLAIN = picocolors.createColors(false);

/** How each kind of outcome is shown: on a test's line, as one character, and above its error at the end. */
export const LABELS: Readonly<
  Record<
    OutcomeKind,
    { readonly tree: string; readonly line: string; readonly letter: string; readonly colour: Colour }
  >
> = {
  success: { tree: '[OK]', line: '[OK]', letter: '.', colour: 'green' },
  failure: { tree: '[FAIL]', line: '[FAILURE]', letter: 'F', colour: 'red' },
  error: { tree: '[ERROR]', line: '[ERROR]', letter: 'E', colour: 'red' },
  skip: { tree: '[SKIPPED]', line: '[SKIPPED]', letter: 'S', colour: 'blue' },
  expectedFailure: { tree: '[TODO]', line: '[TODO]', letter: 'T', colour: 'blue' },
  unexpectedSuccess: { tree: '[SUCCESS!?!]', line: '[SUCCESS!?!]', letter: '!', colour: 'yellow' },
};

/** `text` in bold and coloured, where colours are wanted. */
export function paint(text: string, colour: Colour, wanted: boolean): string {
  // Whether they are wanted is decided elsewhere: this package's own guess colours pipes under CI.
  const colours = wanted ? COLOURED : PLAIN;
  return colours.bold(colours[colour](text));
}
