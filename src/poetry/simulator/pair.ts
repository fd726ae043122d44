import { Mistake } from '../mistake.js';

/** What a callback or an errback of the simulator does: return a value, throw an error, or pass on what it is given. */
export type Act =
  | { readonly does: 'return'; readonly value: string }
  | { readonly does: 'throw'; readonly error: string }
  | { readonly does: 'pass' };

/** A callback and an errback that are added together. */
export interface Pair {
  readonly callback: Act;
  readonly errback: Act;
}

/**
 * Reads `r poem p`: two acts, each `r VALUE`, `e NAME` or `p`.
 *
 * @throws Mistake that says what is wrong.
 */
export function parsePair(line: string): Pair {
  const words = line.trim().split(/\s+/);
  const callback = takeAct(words, 'callback');
  const errback = takeAct(words, 'errback');
  if (words.length > 0) throw new Mistake(`'${words.join(' ')}' is too much: a line has one callback and one errback.`);
  return { callback, errback };
}

function takeAct(words: string[], what: string): Act {
  const [letter, word] = words;
  if (letter === undefined) throw new Mistake(`the ${what} is missing: write r VALUE, e NAME or p for it.`);
  words.shift();
  if (letter === 'p') return { does: 'pass' };
  if (letter !== 'r' && letter !== 'e') throw new Mistake(`'${letter}' is no ${what}: write r VALUE, e NAME or p.`);
  if (word === undefined)
    throw new Mistake(`'${letter}' needs a word: write ${letter === 'r' ? 'r VALUE' : 'e NAME'}.`);
  words.shift();
  return letter === 'r' ? { does: 'return', value: word } : { does: 'throw', error: word };
}

/** As {@link parsePair} reads it. */
export function showAct(act: Act): string {
  if (act.does === 'pass') return 'p';
  return act.does === 'return' ? `r ${act.value}` : `e ${act.error}`;
}
