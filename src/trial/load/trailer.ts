import type { Edit } from './rewrite.js';

/** What the last line of a text in the cache says of it. */
export interface Trailer {
  /** Path of the source. */
  readonly source: string;
  /** Of the entry with the source map; empty: the text is the source's own. */
  readonly key: string;
  readonly edits: readonly Edit[];
}

interface Written extends Trailer {
  /** How many bytes the text before it has. */
  readonly bytes: number;
}

/** The last bytes of a file, and how many it has. */
export interface FileEnd {
  readonly end: Buffer;
  readonly size: number;
}

const MARK = '\n//# txtrial ';

export function withTrailer(text: string, trailer: Trailer): string {
  const bytes = Buffer.byteLength(text);
  return `${text}${MARK}${JSON.stringify({ bytes, ...trailer })}\n`;
}

/** The trailer of a text; undefined when the text is damaged. */
export function trailerOf(text: string | undefined): Trailer | undefined {
  const at = text?.lastIndexOf(MARK) ?? -1;
  if (text === undefined || at < 0) return undefined;
  try {
    const { bytes, ...trailer } = JSON.parse(text.slice(at + MARK.length)) as Written;
    return bytes === Buffer.byteLength(text.slice(0, at)) ? trailer : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file of that size that ends so is a whole text with its trailer. */
export function endsWhole({ end, size }: FileEnd): boolean {
  const at = end.lastIndexOf(MARK);
  if (at < 0) return false;
  try {
    const { bytes } = JSON.parse(end.toString('utf8', at + MARK.length)) as Written;
    return bytes === size - (end.length - at);
  } catch {
    return false;
  }
}
