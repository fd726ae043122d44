/**
 * A source that no compiler understands. Its name is what users know, its stack holds nothing but its message: where it was
 * found is in the source, not in ours.
 */
export class SourceSyntaxError extends SyntaxError {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  constructor(file: string, line: number, column: number, what: string, excerpt: string) {
    const text = excerpt.trimEnd();
    const indent = text.length - text.trimStart().length;
    const shown = text.slice(indent, indent + 160);
    const pointer = column - 1 - indent;
    const mark = pointer >= 0 && pointer <= shown.length ? `\n    ${' '.repeat(pointer)}^` : '';
    super(`${file}:${line}:${column}: ${what}${shown === '' ? '' : `\n    ${shown}${mark}`}`);
    this.name = 'SyntaxError';
    this.file = file;
    this.line = line;
    this.column = column;
    this.stack = `SyntaxError: ${this.message}`;
  }
}
