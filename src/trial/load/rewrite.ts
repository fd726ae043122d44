import type { Site } from './sites.js';

/** Where the modules of the cache find us. */
export const LOAD_SYMBOL = 'txtrial.load';

/** Text put in place of some other, as it matters to columns: positions are of the new text, lines and columns from 0. */
export type Edit = readonly [line: number, column: number, length: number, grown: number];

/** One change of a text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all replacements made, which are in order. */
export function replaceAll(text: string, replacements: readonly Replacement[]): { text: string; edits: Edit[] } {
  if (replacements.length === 0) return { text, edits: [] };
  const edits: Edit[] = [];
  let made = '';
  let taken = 0;
  let line = 0;
  let lineStart = 0;
  for (const { start, end, text: replacement } of replacements) {
    made += text.slice(taken, start);
    for (let at = made.indexOf('\n', lineStart); at >= 0; at = made.indexOf('\n', lineStart)) {
      line++;
      lineStart = at + 1;
    }
    edits.push([line, made.length - lineStart, replacement.length, replacement.length - (end - start)]);
    made += replacement;
    taken = end;
  }
  return { text: made + text.slice(taken), edits };
}

/** The column that a position of the new text had in the old one. */
export function columnBefore(edits: readonly Edit[], line: number, column: number): number {
  let moved = 0;
  for (const [editLine, start, length, grown] of edits) {
    if (editLine !== line || start > column) continue;
    if (column < start + length) return start - moved;
    moved += grown;
  }
  return column - moved;
}

/** For a text that asks at run time what an `import()` means. */
export function importCall({ start, end }: { start: number; end: number }): Replacement {
  return { start, end, text: IMPORT };
}

export function metaCall({ start, end }: { start: number; end: number }): Replacement {
  return { start, end, text: `${META}(import.meta)` };
}

const IMPORT = '__txtrialImport';
const META = '__txtrialMeta';
const LOADER = `globalThis[Symbol.for("${LOAD_SYMBOL}")]`;

/**
 * What a text with such calls needs: functions, which are there before the first line runs. At the end, so that no line moves.
 *
 * @param file - An expression for the path of the source.
 */
export function helpers(text: { imports: boolean; meta: boolean }, file: string): string {
  const importHelper = `\nfunction ${IMPORT}(s, o) { return ${LOADER}.import(s, ${file}, o); }`;
  const metaHelper = `\nfunction ${META}(m) { return ${LOADER}.meta(m, ${file}); }`;
  return (text.imports ? importHelper : '') + (text.meta ? metaHelper : '');
}

/** Whether a line of a stack is that of such a function, which is not the user's. */
export function isHelperFrame(line: string): boolean {
  return HELPER_FRAME.test(line);
}

const HELPER_FRAME = /^\s+at (?:async )?__txtrial(?:Import|Meta) \(/;

/** A CommonJS text: what it imports while it runs is found at run time. */
export function rewriteCommonjs(text: string, sites: readonly Site[]): { text: string; edits: Edit[] } {
  const replacements: Replacement[] = [];
  for (const site of sites) {
    if (site[0] === 'dynamic') replacements.push(importCall({ start: site[4], end: site[4] + 'import'.length }));
    else if (site[0] === 'computed') replacements.push(importCall({ start: site[1], end: site[2] }));
  }
  const made = replaceAll(text, replacements);
  return {
    text: made.text + helpers({ imports: replacements.length > 0, meta: false }, '__filename'),
    edits: made.edits,
  };
}
