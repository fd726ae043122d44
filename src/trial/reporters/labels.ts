import type { OutcomeKind } from '../events/events.js';

/** Colours of a terminal, by what they mean. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue';

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, blue: 34 };

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
  return wanted ? `\x1b[${CODES[colour]};1m${text}\x1b[0m` : text;
}
