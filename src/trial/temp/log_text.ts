/** Puts the entries of a log file together: each begins a line, and goes on in lines that begin with a tab. */
export class LogText {
  /** Whose line is not at its end; what the same one writes next goes on there. */
  #open: string | undefined;

  /**
   * @param head - Time and system.
   * @param tail - Follows the text; without a line break.
   */
  entry(head: string, text: string, tail = ''): string {
    return `${this.#close()}${head} ${indented(text)}${tail}\n`;
  }

  /**
   * What somebody prints, perhaps piece by piece.
   *
   * @param author - Whose pieces belong together.
   * @param text - Not empty.
   */
  piece(author: string, head: string, text: string): string {
    const start = this.#open === author ? '' : `${this.#close()}${head} `;
    const isWhole = text.endsWith('\n');
    this.#open = isWhole ? undefined : author;
    return start + (isWhole ? `${indented(text.slice(0, -1))}\n` : indented(text));
  }

  #close(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return '\n';
  }
}

function indented(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', '\n\t') : text;
}
