import { orList } from '../discover/problems.js';
import { UsageError } from '../usage_error.js';

/** Timers of Node's count milliseconds in 31 bits. */
const MOST_SECONDS = 2_147_483;

/** Turns the text of an option's value into what it means; `name` is how the user wrote the option. */
export type ParseValue<Value> = (text: string, name: string) => Value;

function refused(name: string, text: string, wanted: string): UsageError {
  return new UsageError(`Cannot use '${text}' for ${name}: it takes ${wanted}.`);
}

/** Any text. */
export const parseText: ParseValue<string> = (text, name) => {
  if (text.trim() === '') throw refused(name, text, 'a value that is not empty');
  return text;
};

/** Zero or a positive number of seconds; fractions count. */
export const parseSeconds: ParseValue<number> = (text, name) => {
  const seconds = /^(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= MOST_SECONDS)) throw refused(name, text, `seconds from 0 to ${MOST_SECONDS}, such as 5 or 0.25`);
  return seconds;
};

/** A positive whole number. */
export const parseCount: ParseValue<number> = (text, name) => {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || !Number.isSafeInteger(count)) throw refused(name, text, 'a whole number from 1');
  return count;
};

/** Zero or a positive whole number. */
export const parseNumber: ParseValue<number> = (text, name) => {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw refused(name, text, 'a whole number from 0');
  return number;
};

/** A seed, where 0 asks for any. */
export const parseSeed: ParseValue<number> = (text, name) => {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(seed)) throw refused(name, text, 'a whole number, where 0 has a seed picked');
  return seed === 0 ? 1 + Math.floor(Math.random() * 0xffff_ffff) : seed;
};

/** A regular expression. */
export const parsePattern: ParseValue<RegExp> = (text, name) => {
  // A variable that is not set, rather than the wish for all tests.
  if (text === '') throw refused(name, text, 'a regular expression that is not empty');
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw refused(name, text, `a regular expression (${(error as Error).message})`);
  }
};

/** One of the words. */
export function parseChoice<Word extends string>(words: readonly Word[]): ParseValue<Word> {
  return (text, name) => {
    const word = words.find((known) => known === text);
    if (word === undefined) throw refused(name, text, words.length === 1 ? `${words[0]} only` : orList(words));
    return word;
  };
}
