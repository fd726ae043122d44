import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fs } from './node_fs.js';
import { columnBefore, type Edit, isHelperFrame } from './rewrite.js';
import { type Trailer, trailerOf } from './trailer.js';
import { mapName, type Unit } from './units.js';

// Taken before any test can replace it.
const { process } = globalThis;

type SourceMap = InstanceType<typeof import('node:module').SourceMap>;

/** Where the text of a source came from: enough to find a position again. */
interface Origin {
  readonly source: string;
  readonly edits: readonly Edit[];
  /** Undefined: positions in the text are those in the source. */
  readonly map: SourceMap | undefined;
}

/** A position, both from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Text of a name in the cache: 32 hexadecimal digits. */
const OUTPUT = /[\\/][0-9a-f]{32}\.[mc]js$/;
const OUTPUT_ANYWHERE = /(?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^\s'"()]*?[\\/][0-9a-f]{32}\.[mc]js(?:\?[^\s:'")]*)?/g;

/** Turns positions in compiled text into the user's. Reads nothing before it is asked. */
export class SourceMaps {
  readonly #units = new Map<string, Unit>();
  readonly #origins = new Map<string, Origin | undefined>();

  /** Remembers a source whose compiled text runs under the source's own path. */
  add(unit: Unit): void {
    if (unit.facts.length >= 0) this.#units.set(unit.file, unit);
  }

  /** A stack or message in which frames of compiled text are the user's lines. Other text stays as it is. */
  mapText(text: string): string {
    const lines = text.split('\n').filter((line) => !isHelperFrame(line));
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? '';
      if (/:\d+:\d+\)?$/.test(line)) lines[i] = this.#mapFrame(line);
    }
    // Node's own messages name files of the cache as well.
    return lines.join('\n').replace(OUTPUT_ANYWHERE, (found) => this.#sourceOf(found) ?? found);
  }

  /** The path of a place as Node writes it: a path already, or a URL. */
  pathOf(place: string): string {
    return toPath(place);
  }

  /** The user's position; the same one when the file is none of our making. */
  mapPosition({ file, line, column }: Position): Position {
    const origin = this.#originOf(file);
    if (origin === undefined) return { file, line, column };
    const before = columnBefore(origin.edits, line - 1, column - 1);
    const entry = origin.map?.findEntry(line - 1, before);
    if (entry === undefined || !('originalLine' in entry)) return { file: origin.source, line, column: before + 1 };
    return { file: origin.source, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }

  /** `    at f (file:///…/x.mjs:1:2)`, `    at async /x.ts:1:2`. */
  #mapFrame(frame: string): string {
    const found = /^(.*?(?:\(|\bat (?:async )?|^))((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)(\)?)$/.exec(frame);
    if (found === null) return frame;
    const [, before = '', place = '', line, column, after = ''] = found;
    const file = toPath(place);
    if (this.#originOf(file) === undefined) return frame;
    const mapped = this.mapPosition({ file, line: Number(line), column: Number(column) });
    return `${before}${mapped.file}:${mapped.line}:${mapped.column}${after}`;
  }

  #sourceOf(place: string): string | undefined {
    return this.#originOf(toPath(place))?.source;
  }

  #originOf(file: string): Origin | undefined {
    if (this.#origins.has(file)) return this.#origins.get(file);
    const unit = this.#units.get(file);
    let origin: Origin | undefined;
    if (unit !== undefined) {
      const map = sourceMap(unit.cache.read(mapName(unit.key)));
      origin = { source: unit.file, edits: unit.facts.edits, map };
    } else if (OUTPUT.test(file)) {
      const trailer = trailerOf(readText(file));
      if (trailer === undefined) return undefined;
      origin = { source: trailer.source, edits: trailer.edits, map: mapBeside(file, trailer) };
    } else {
      // It may be loaded yet.
      return undefined;
    }
    this.#origins.set(file, origin);
    return origin;
  }
}

function mapBeside(file: string, { key }: Trailer): SourceMap | undefined {
  return key === '' ? undefined : sourceMap(readText(join(dirname(file), mapName(basename(key)))));
}

function sourceMap(json: string | undefined): SourceMap | undefined {
  if (json === undefined) return undefined;
  const { SourceMap } = process.getBuiltinModule('node:module');
  try {
    return new SourceMap(JSON.parse(json));
  } catch {
    // A damaged map: the lines of the compiled text are better than none.
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function toPath(place: string): string {
  const plain = place.replace(/\?.*$/, '');
  if (!plain.startsWith('file:')) return plain;
  try {
    return fileURLToPath(plain);
  } catch {
    return plain;
  }
}
