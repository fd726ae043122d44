/** What differs between two values, as text for the person who reads a failed assertion. */
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { firstDifference } from './first_difference.js';
import { isObject } from './is_object.js';
import { setDifference } from './set_difference.js';
import { cutMiddle, show, withoutFrames } from './show.js';

/** More lines than these are cut. */
const mostLines = 80;
/** Lines that are equal and stand around a difference. */
const context = 3;
/** The longest line of a diff. */
const widest = 200;
/** Of longer arrays, Maps and Sets not all is shown. */
const mostElements = 20_000;
/** In the hexadecimal form. */
const bytesALine = 16;
/** Of longer Buffers so many bytes are compared by line, from the first difference on. */
const mostBytes = 2 ** 16;
/** A diff that takes longer is given up for the first difference alone. */
const bounds = { timeout: 200, maxEditLength: 2000 };

/**
 * Says that two values are not equal and shows the difference: whole where they are short, line by line where they are
 * not, Buffers as hexadecimal digits.
 */
export function differenceText(first: unknown, second: unknown): string {
  const lines = renderBoth(first, second);
  if (lines === undefined) return shortText(first, second);
  const [firstLines, secondLines] = lines;
  const hunks = hunkLines(firstLines, secondLines);
  if (hunks === undefined || isCut(firstLines) || isCut(secondLines)) {
    const excerpt = excerptText(first, second);
    if (excerpt !== undefined) return excerpt;
  }
  // Equal text of unequal values: prototypes, -0 in text form, properties that are not enumerable.
  if (hunks === undefined) return `${shortText(first, second)}${pathText(first, second)}`;
  return `not equal:\n- first\n+ second\n${cutMiddle(hunks, mostLines).join('\n')}`;
}

/** Both values in lines, or undefined where both are so short that they stand one below the other. */
function renderBoth(first: unknown, second: unknown): [string[], string[]] | undefined {
  if (typeof first === 'string' && typeof second === 'string') {
    if (!first.includes('\n') && !second.includes('\n')) return undefined;
    return [textLines(first), textLines(second)];
  }
  if (
    first instanceof Uint8Array &&
    second instanceof Uint8Array &&
    Buffer.isBuffer(first) === Buffer.isBuffer(second)
  ) {
    const from = firstShownByte(first, second);
    return [hexLines(first, from), hexLines(second, from)];
  }
  if (!isObject(first) && !isObject(second)) return undefined;
  return [inspectLines(first), inspectLines(second)];
}

/** Whether `inspect` has left elements or characters out, so that the lines may not show what differs. */
function isCut(lines: readonly string[]): boolean {
  return lines.some((line) => /^ *\.\.\. \d+ more items?,?$|\.\.\. \d+ more characters?,?$/.test(line));
}

/** The first difference alone, with what stands around it, or undefined where that says no more than the whole. */
function excerptText(first: unknown, second: unknown): string | undefined {
  const difference = firstDifference(first, second);
  if (difference === undefined) return setText(first, second, '');
  const { path, what, steps, first: a, second: b } = difference;
  const text = setText(a, b, ` at ${path}`);
  if (text !== undefined) return text;
  if (typeof a === 'string' && typeof b === 'string' && Math.max(a.length, b.length) > widest) {
    return `${differenceText(a, b)}\nThat is at ${path}.`;
  }
  const step = steps.findLast(({ first, second }) => isLong(first) || isLong(second));
  if (step === undefined) return undefined;
  const lines = [partLines(step.first, step.key), partLines(step.second, step.key)] as const;
  const hunks = hunkLines(...lines);
  if (hunks === undefined) return undefined;
  return `not equal at ${path}: ${what}. Around it:\n- first\n+ second\n${cutMiddle(hunks, mostLines).join('\n')}`;
}

/** Of two Sets the elements that only one has. */
function setText(first: unknown, second: unknown, where: string): string | undefined {
  if (!(first instanceof Set && second instanceof Set)) return undefined;
  const only = setDifference(first, second);
  if (only === undefined) return undefined;
  const lines = (values: readonly unknown[]) => values.slice(0, mostLines).flatMap(inspectLines);
  const removed = changes(lines(only.first), []);
  const added = changes([], lines(only.second));
  const sizes = `Sets of ${first.size} and ${second.size} elements, of which ${only.first.length} and ${only.second.length} are in one alone`;
  const shown = [...cutMiddle(removed, mostLines / 2), ...cutMiddle(added, mostLines / 2)];
  return `not equal${where}: ${sizes}:\n- first\n+ second\n${shown.join('\n')}`;
}

function isLong(value: object): boolean {
  return (Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0) > mostElements;
}

/** Of an array the elements around an index, of a Map those around a key. */
function partLines(value: object, key: unknown): string[] {
  if (Array.isArray(value)) {
    const at = key === 'length' ? value.length : Number(key);
    return inspectLines(value.slice(Math.max(0, at - context), at + context + 1));
  }
  if (!(value instanceof Map)) return inspectLines(value);
  const entries = [...value];
  const at = entries.findIndex(([other]) => Object.is(other, key));
  return inspectLines(new Map(at === -1 ? [] : entries.slice(Math.max(0, at - context), at + context + 1)));
}

function shortText(first: unknown, second: unknown): string {
  if (typeof first === 'string' && typeof second === 'string') {
    const [a, b] = window(JSON.stringify(first), JSON.stringify(second));
    return `not equal:\n  first:  ${a}\n  second: ${b}`;
  }
  return `not equal:\n  first:  ${show(first)}\n  second: ${show(second)}`;
}

function pathText(first: unknown, second: unknown): string {
  const difference = firstDifference(first, second);
  if (difference === undefined) return '';
  const where = difference.path === '' ? '' : ` at ${difference.path}`;
  return `\nThey look alike; they differ${where}: ${difference.what}.`;
}

/** A text in its lines; the last one says so if the text does not end in a line end. */
function textLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push('\\ no line end here');
  // What cannot be seen is written out.
  return lines.map((line) =>
    line.replace(/[^\P{Cc}\t]|[ \t]+$/gu, (s) => JSON.stringify(s).slice(1, -1).replace(/ /g, '·')),
  );
}

/** Of long bytes, where the lines before the first difference begin; else 0. */
function firstShownByte(first: Uint8Array, second: Uint8Array): number {
  const shorter = Math.min(first.length, second.length);
  if (shorter <= mostBytes) return 0;
  let at = 0;
  while (at < shorter && first[at] === second[at]) at += 1;
  // Of the equal lines that are shown one says how many bytes are not.
  return Math.max(0, at - (at % bytesALine) - (context - 1) * bytesALine);
}

/** Sixteen bytes a line: digits, then what they are as text. */
function hexLines(bytes: Uint8Array, from: number): string[] {
  const lines = [`${bytes.constructor.name} of ${bytes.length} bytes`];
  if (from > 0) lines.push(`… ${from} equal bytes …`);
  const to = Math.min(bytes.length, from + mostBytes);
  for (let at = from; at < to; at += bytesALine) {
    const part = Buffer.from(bytes.subarray(at, at + bytesALine));
    const digits = part.toString('hex').replace(/..(?=.)/g, '$& ');
    const text = part.toString('latin1').replace(/[^ -~]/g, '.');
    lines.push(`${digits.padEnd(47)}  ${text}`);
  }
  if (to < bytes.length) lines.push(`… ${bytes.length - to} more bytes …`);
  return lines;
}

function inspectLines(value: unknown): string[] {
  const text = inspect(value, {
    depth: 30,
    sorted: true,
    compact: false,
    maxArrayLength: mostElements,
    maxStringLength: 100_000,
    breakLength: Number.POSITIVE_INFINITY,
  });
  const lines = withoutFrames(text).split('\n');
  // The last of several ends in a comma as well, so that one more after it does not make it look changed.
  return lines.map((line, at) => (at === lines.length - 1 || /[{[(,+]$/.test(line) ? line : `${line},`));
}

/** The lines of a diff with a few equal ones around each difference, or undefined if there is none. */
function hunkLines(first: readonly string[], second: readonly string[]): string[] | undefined {
  let start = 0;
  while (start < first.length && start < second.length && first[start] === second[start]) start += 1;
  if (start === first.length && start === second.length) return undefined;
  let end = 0;
  const shorter = Math.min(first.length, second.length) - start;
  while (end < shorter && first.at(-1 - end) === second.at(-1 - end)) end += 1;

  const head = first.slice(Math.max(0, start - context), start).map(same);
  if (start > context) head.unshift(leftOut(start - context));
  const tail = first.slice(first.length - end, first.length - end + context).map(same);
  if (end > context) tail.push(leftOut(end - context));
  return [
    ...head,
    ...changes(first.slice(start, first.length - end), second.slice(start, second.length - end)),
    ...tail,
  ];
}

function changes(first: string[], second: string[]): string[] {
  if (first.length === 0) return second.map((line) => `+ ${cut(line)}`);
  if (second.length === 0) return first.map((line) => `- ${cut(line)}`);
  if (first.length === second.length && first.length === 1) return pair(first[0] ?? '', second[0] ?? '');
  const parts = loadDiff().diffArrays(first, second, bounds);
  if (parts === undefined) {
    const unlike = Math.max(first.length, second.length);
    return [
      ...pair(first[0] ?? '', second[0] ?? ''),
      `  … the first difference of ${unlike} lines that were not compared …`,
    ];
  }
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    const next = parts[index + 1];
    if (part.added) {
      // Written with the removed line that it stands for.
      if (before?.removed && before.value.length === part.value.length) continue;
      lines.push(...part.value.map((line) => `+ ${cut(line)}`));
    } else if (part.removed) {
      if (next?.added && next.value.length === part.value.length) {
        const pairs = part.value.map((line, at) => pair(line, next.value[at] ?? ''));
        lines.push(...pairs.map(([a]) => a), ...pairs.map(([, b]) => b));
      } else {
        lines.push(...part.value.map((line) => `- ${cut(line)}`));
      }
    } else if (part.value.length <= 2 * context + 1) {
      lines.push(...part.value.map(same));
    } else {
      const { value } = part;
      lines.push(
        ...value.slice(0, context).map(same),
        leftOut(value.length - 2 * context),
        ...value.slice(-context).map(same),
      );
    }
  }
  return lines;
}

/** A removed and an added line, cut so that what differs stays. */
function pair(first: string, second: string): [string, string] {
  const [a, b] = window(first, second);
  return [`- ${a}`, `+ ${b}`];
}

/** Two lines, each cut around the first place where they differ. */
function window(first: string, second: string): [string, string] {
  if (first.length <= widest && second.length <= widest) return [first, second];
  let at = 0;
  while (at < first.length && at < second.length && first[at] === second[at]) at += 1;
  const from = at <= widest * 0.6 ? 0 : at - Math.floor(widest * 0.3);
  return [cutAround(first, from), cutAround(second, from)];
}

function cutAround(line: string, from: number): string {
  const to = from + widest;
  const before = from > 0 ? `…${from} characters…` : '';
  const after = line.length > to ? `…${line.length - to} characters…` : '';
  return `${before}${line.slice(from, to)}${after}`;
}

function same(line: string): string {
  return `  ${cut(line)}`;
}

function cut(line: string): string {
  return cutAround(line, 0);
}

function leftOut(count: number): string {
  return `  … ${count} equal ${count === 1 ? 'line' : 'lines'} …`;
}

interface Diff {
  diffArrays(
    first: string[],
    second: string[],
    options: { timeout: number; maxEditLength: number },
  ): readonly { readonly value: string[]; readonly added?: boolean; readonly removed?: boolean }[] | undefined;
}

/** Assertions are synchronous, and only a failed one needs the package: so it is required then. */
function loadDiff(): Diff {
  return createRequire(import.meta.url)('diff') as Diff;
}
