/** A place in a source, and what stands there. */
export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The text of the line. */
  readonly excerpt: string;
}

const LONGEST_EXCERPT = 160;

/**
 * The error for a source that cannot be understood: its message begins with the place and ends with the line, with a mark under
 * the column. Its stack holds nothing else: where it was found is in the source, not in ours.
 */
export function syntaxErrorAt({ file, line, column, excerpt }: SourcePlace, what: string): SyntaxError {
  const text = excerpt.trimEnd();
  const indent = text.length - text.trimStart().length;
  const pointer = column - 1 - indent;
  // Of a very long line that part which has the column in it.
  const from = pointer > LONGEST_EXCERPT - 20 ? pointer - LONGEST_EXCERPT / 2 : 0;
  const shown = text.slice(indent + from, indent + from + LONGEST_EXCERPT);
  const mark = pointer >= 0 && pointer - from <= shown.length ? `\n    ${' '.repeat(pointer - from)}^` : '';
  const error = new SyntaxError(`${file}:${line}:${column}: ${what}${shown === '' ? '' : `\n    ${shown}${mark}`}`);
  error.stack = `SyntaxError: ${error.message}`;
  return error;
}

/** Whether the message of a SyntaxError says where it is. */
export function hasPlace({ message }: Error): boolean {
  return /^\S.*?:\d+:\d+: /.test(message);
}
