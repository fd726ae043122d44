import type { Edit } from './rewrite.js';

/** What the last line of a text in the cache says of it. */
export interface Trailer {
  /** Path of the source. */
  readonly source: string;
  /** Of the entry with the source map; empty: the text is the source's own. */
  readonly key: string;
  readonly edits: readonly Edit[];
}

const MARK = '\n//# txtrial ';

export function withTrailer(text: string, trailer: Trailer): string {
  return `${text}${MARK}${JSON.stringify({ length: text.length, ...trailer })}\n`;
}

/** The trailer of a text; undefined when the text is damaged. */
export function trailerOf(text: string | undefined): Trailer | undefined {
  const at = text?.lastIndexOf(MARK) ?? -1;
  if (text === undefined || at < 0) return undefined;
  try {
    const { length, ...trailer } = JSON.parse(text.slice(at + MARK.length)) as Trailer & { length: number };
    return length === at ? trailer : undefined;
  } catch {
    return undefined;
  }
}

export function isWhole(text: string | undefined): boolean {
  return trailerOf(text) !== undefined;
}
