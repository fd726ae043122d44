/** Where a text stops being JSON. Lines and columns are from 1. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

export interface JsonDialect {
  /** Comments, and a comma after the last entry: as in tsconfig.json. */
  readonly lenient: boolean;
}

/** The first mistake in a text that is to be JSON; undefined when there is none. Node's own errors seldom say where. */
export function jsonMistake(text: string, { lenient }: JsonDialect): JsonMistake | undefined {
  const reader = new Reader(text, lenient);
  try {
    reader.readAll();
    return undefined;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const before = text.slice(0, error.at).split(/\r\n|\n|\r/);
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what: error.message };
  }
}

class Unexpected extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const SPACE = /[ \t\r\n]*/y;
const LENIENT_SPACE = /(?:[ \t\r\n\v\f\u00a0\ufeff]|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w$.])/y;
const WORD = /[\w$.+-]+/y;

class Reader {
  readonly #text: string;
  readonly #lenient: boolean;
  #at = 0;

  constructor(text: string, lenient: boolean) {
    this.#text = text;
    this.#lenient = lenient;
  }

  readAll(): void {
    // Of the entries that are open: what closes each.
    const open: ('}' | ']')[] = [];
    do {
      if (!this.#beginValue(open)) continue;
      this.#endValues(open);
    } while (open.length > 0);
    if (this.#peek() !== '') this.#fail('the end of the file');
  }

  /** Reads a value up to where one inside of it begins. Returns whether it is read whole. */
  #beginValue(open: ('}' | ']')[]): boolean {
    const letter = this.#peek();
    if (letter === '{' || letter === '[') {
      this.#at += 1;
      const close = letter === '{' ? '}' : ']';
      if (this.#peek() === close) {
        this.#at += 1;
        return true;
      }
      open.push(close);
      if (close === '}') this.#key();
      return false;
    }
    if (this.#match(letter === '"' ? STRING : SCALAR) === '') this.#fail('a value');
    return true;
  }

  /** After a value: goes on to where the next one begins, or closes what ends here. */
  #endValues(open: ('}' | ']')[]): void {
    for (let close = open.at(-1); close !== undefined; close = open.at(-1)) {
      const letter = this.#peek();
      if (letter === ',') {
        const comma = this.#at;
        this.#at += 1;
        if (this.#peek() !== close) {
          if (close === '}') this.#key();
          return;
        }
        if (!this.#lenient) throw new Unexpected(comma, `there is a comma before the '${close}'`);
      } else if (letter !== close) {
        this.#fail(`',' or '${close}'`);
      }
      this.#at += 1;
      open.pop();
    }
  }

  #key(): void {
    if (this.#peek() !== '"' || this.#match(STRING) === '') this.#fail('a name in double quotes');
    if (this.#peek() !== ':') this.#fail("':'");
    this.#at += 1;
  }

  /** The next letter that means something; empty at the end. */
  #peek(): string {
    this.#match(this.#lenient ? LENIENT_SPACE : SPACE);
    return this.#text.charAt(this.#at);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(wanted: string): never {
    const at = this.#at;
    const found = this.#match(WORD) || this.#text.charAt(at);
    throw new Unexpected(at, `${wanted} is expected here, not ${found === '' ? 'the end of the file' : `'${found}'`}`);
  }
}
