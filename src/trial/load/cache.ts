import { dirname, join } from 'node:path';
import { fs, isDirectory, isFile } from './node_fs.js';
import { endsWhole, type FileEnd } from './trailer.js';

/** Where compiled text is kept. A cache that cannot be read or written is no error: then there is nothing in it. */
export class Cache {
  /** Undefined when no folder can be written. */
  readonly directory: string | undefined;
  /** Whether a bare specifier means the same in a module of the cache as in the source it was made of. */
  readonly besideSource: boolean;
  /** Why the last entry could not be written. */
  problem: NodeJS.ErrnoException | undefined;
  #written = 0;

  constructor(directory: string | undefined, besideSource: boolean) {
    this.directory = directory;
    this.besideSource = besideSource;
  }

  /** The text of an entry; undefined when there is none. */
  read(name: string): string | undefined {
    return this.readBytes(name)?.toString();
  }

  /** As `read`. */
  readBytes(name: string): Buffer | undefined {
    if (this.directory === undefined) return undefined;
    try {
      return fs.readFileSync(join(this.directory, name));
    } catch {
      return undefined;
    }
  }

  /**
   * Whether there is an entry that is all that was written. Only its end is read: Node is going to read the rest anyway.
   */
  has(name: string): boolean {
    if (this.directory === undefined) return false;
    try {
      const path = join(this.directory, name);
      return endsWhole(endOf(path, END_LENGTH)) || endsWhole(endOf(path, Number.POSITIVE_INFINITY));
    } catch {
      return false;
    }
  }

  /** Parsed from JSON; undefined when there is no such entry or it is broken. */
  readJson(name: string): unknown {
    const text = this.read(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /**
   * Writes an entry in one step, so that no other run sees half of it.
   *
   * @param flush - Whether it is to be whole also after a power failure.
   * @returns Whether it is there now.
   */
  write(name: string, text: string | Uint8Array, { flush = false } = {}): boolean {
    if (this.directory === undefined) return false;
    this.#written++;
    const path = join(this.directory, name);
    const temporary = `${path}.${process.pid}.${this.#written}.tmp`;
    try {
      fs.writeFileSync(temporary, text, { flush });
      fs.renameSync(temporary, path);
      if (this.#written === 1) sweep(this.directory);
      return true;
    } catch (error) {
      this.problem = error as NodeJS.ErrnoException;
      fs.rmSync(temporary, { force: true });
      return false;
    }
  }
}

/** A trailer is hardly ever longer. */
const END_LENGTH = 64 * 1024;

function endOf(path: string, most: number): FileEnd {
  const file = fs.openSync(path, 'r');
  try {
    const { size } = fs.fstatSync(file);
    const end = Buffer.allocUnsafe(Math.min(size, most));
    return { end: end.subarray(0, fs.readSync(file, end, 0, end.length, size - end.length)), size };
  } finally {
    fs.closeSync(file);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Once a week, in a run that writes: removes what was written over a month ago. What is still in use is made again. */
function sweep(directory: string): void {
  const marker = join(directory, 'swept');
  const now = Date.now();
  const swept = fs.statSync(marker, { throwIfNoEntry: false })?.mtimeMs;
  if (swept !== undefined && now - swept < 7 * DAY_MS) return;
  fs.writeFileSync(marker, '');
  if (swept === undefined) return;
  for (const name of fs.readdirSync(directory)) {
    const path = join(directory, name);
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() && now - stat.mtimeMs > 30 * DAY_MS) fs.rmSync(path, { force: true });
  }
}

/** Finds the cache of each folder of sources. */
export class Caches {
  readonly #fixed: Cache | undefined;
  readonly #byFolder = new Map<string, Cache>();
  readonly #byDirectory = new Map<string, Cache>();
  #temporary: Cache | undefined;

  /** @param directory - Use this one for all, instead of one in the `node_modules` of each package. */
  constructor(directory: string | undefined) {
    if (directory === undefined) return;
    this.#fixed = new Cache(usable(directory) ? directory : temporaryDirectory(), false);
  }

  /** The cache of the sources in `folder`. */
  of(folder: string): Cache {
    if (this.#fixed !== undefined) return this.#fixed;
    let cache = this.#byFolder.get(folder);
    if (cache === undefined) {
      cache = this.#find(folder);
      this.#byFolder.set(folder, cache);
    }
    return cache;
  }

  #find(folder: string): Cache {
    const root = rootOf(folder);
    if (root === undefined) return this.#inTemporary();
    const directory = join(root, 'node_modules', '.cache', 'txtrial');
    let cache = this.#byDirectory.get(directory);
    if (cache === undefined) {
      cache = usable(directory) ? new Cache(directory, true) : this.#inTemporary();
      this.#byDirectory.set(directory, cache);
    }
    return cache;
  }

  #inTemporary(): Cache {
    this.#temporary ??= new Cache(temporaryDirectory(), false);
    return this.#temporary;
  }
}

/**
 * The folder whose `node_modules` is the nearest one, so that bare specifiers mean the same from inside it; without any, the
 * folder of the nearest package.json, where one may be made.
 */
function rootOf(folder: string): string | undefined {
  let packaged: string | undefined;
  for (let at = folder; ; at = dirname(at)) {
    if (isDirectory(join(at, 'node_modules'))) return at;
    if (packaged === undefined && isFile(join(at, 'package.json'))) packaged = at;
    if (dirname(at) === at) return packaged;
  }
}

/** Whether files can be made in it. Makes it if need be. */
function usable(directory: string): boolean {
  try {
    fs.accessSync(directory, fs.constants.W_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
  }
  try {
    fs.mkdirSync(directory, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** A folder that no other user can write to: what is in it gets run. Undefined when none can be made. */
function temporaryDirectory(): string | undefined {
  const os = process.getBuiltinModule('node:os');
  const user = process.getuid?.();
  try {
    const directory = join(fs.realpathSync(os.tmpdir()), `txtrial-cache-${user ?? os.userInfo().username}`);
    fs.mkdirSync(directory, { mode: 0o700, recursive: true });
    const stat = fs.lstatSync(directory);
    const ours = stat.isDirectory() && (user === undefined || (stat.uid === user && (stat.mode & 0o022) === 0));
    if (ours && usable(directory)) return directory;
    const own = fs.mkdtempSync(`${directory}-`);
    process.once('exit', () => fs.rmSync(own, { recursive: true, force: true }));
    return own;
  } catch {
    return undefined;
  }
}
