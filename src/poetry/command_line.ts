/** Values of options, as users write them. */
import { InvalidArgumentError } from 'commander';

/** Reads a whole number. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Write a whole number ${range}.`);
    }
    return value;
  };
}

/** Reads a number of seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('Write a number of seconds, 0 or more, such as 0.25.');
  }
  return value;
}

/** An option that may be given again: all its values in a list. */
export function several<T>(
  read: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  return (text, before = []) => [...before, read(text)];
}

/** An option that is given once, where others take a list: its value alone in one. */
export function only<T>(read: (text: string) => T): (text: string) => readonly T[] {
  return (text) => [read(text)];
}

/** Reads the name or address of an interface. The system takes an empty one, such as a variable that is not set, for all of them. */
export function interfaceName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Write an address; 0.0.0.0 stands for all interfaces.');
  return text;
}

/** Reads the name of a transform. */
export function transformName(text: string): string {
  // The dot ends the name in a request.
  if (text === '' || text.includes('.')) throw new InvalidArgumentError('Write a name without a dot.');
  return text;
}
