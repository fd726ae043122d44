import type { Colors } from 'picocolors/types.js';
import type { OutcomeKind, TestFinished } from '../events/events.js';

/** Colours of a terminal, by what they mean. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue';

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

/** As `LABELS`, for a test that passed only when it was run again. */
export const FLAKY = { tree: '[FLAKY]', line: '[FLAKY]', letter: 'R', colour: 'yellow' } as const;

/** What became of a test, or turned up about it later. */
export type Result = Pick<TestFinished, 'outcomes' | 'flaky' | 'attempts'>;

let colours: Colors | undefined;

/** Has to be called, when colours are wanted, before `paint` is. */
export async function loadColours(): Promise<void> {
  // Not before it is needed, as loading it makes Node open the standard streams, which takes 4 ms. Its own guess whether
  // colours are wanted is not asked: it says yes to pipes under CI and to FORCE_COLOR=0.
  const { default: picocolors } = await import('picocolors');
  colours = picocolors.createColors(true);
}

/** `text` in bold and coloured, where colours are wanted. */
export function paint(text: string, colour: Colour, wanted: boolean): string {
  return wanted && colours !== undefined ? colours.bold(colours[colour](text)) : text;
}
