import fs from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../usage_error.js';
import { Lock } from './lock.js';
import { reasonOf } from './reasons.js';

const {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} = fs;

/** Says that trial made the directory, and so may empty it. */
const MARKER = '_trial_marker';
const LOCK = '_trial_lock';
const MARKER_TEXT = 'trial made this directory and empties it at the start of each run.\n';

/** More runs than this at once in one directory are a mistake. */
const MOST_RUNS = 1000;

/** How to take a directory. */
export interface TakeOptions {
  /** Called before the directory is emptied if the run that had it last has died; with its path. */
  readonly onDeadRun?: (path: string) => void;
  /** For which process: it is taken for as long as that lives. This one, if left out. */
  readonly owner?: number;
}

/** A directory of a run's own, locked for as long as the process lives or until it is released. */
export class TempDirectory {
  /** Absolute. */
  readonly path: string;
  readonly #lock: Lock;
  readonly #inode: number;

  private constructor(path: string, lock: Lock) {
    this.path = path;
    this.#lock = lock;
    this.#inode = statSync(path).ino;
  }

  /**
   * Takes the directory `name` for this run: makes it, or empties the one that an earlier run left. While another run
   * has it, takes `name-1`, and so on.
   *
   * @param cwd - Where trial was started.
   * @param name - Made in `cwd` unless it is absolute.
   * @throws UsageError if something of that name is there that trial has not made, or it cannot be made or emptied.
   */
  static take(cwd: string, name: string, { onDeadRun, owner = process.pid }: TakeOptions = {}): TempDirectory {
    const wanted = resolve(cwd, name);
    for (let run = 0; run < MOST_RUNS; run++) {
      const path = run === 0 ? wanted : `${wanted}-${run}`;
      try {
        const lock = makeNew(path, owner) ?? takeOld(path, { cwd, refuse: run === 0, onDeadRun, owner });
        if (lock !== undefined) return new TempDirectory(path, lock);
      } catch (error) {
        if (error instanceof UsageError) throw error;
        throw unusable(path, cwd, error as NodeJS.ErrnoException);
      }
    }
    throw new UsageError(`Cannot use ${shown(wanted, cwd)}: ${MOST_RUNS} runs have it and its successors in use.`);
  }

  /** The directory at `path`, which `owner` has taken; a test may have taken it away since. */
  static rejoin(path: string, owner: number): TempDirectory {
    const lock = makeNew(path, owner) ?? Lock.take(join(path, LOCK), owner);
    return new TempDirectory(path, lock ?? Lock.takenBy(owner, join(path, LOCK)));
  }

  /** The directory at `path`, which `owner` has taken, as it is now. */
  static takenBy(owner: number, path: string): TempDirectory {
    return new TempDirectory(path, Lock.takenBy(owner, join(path, LOCK)));
  }

  /** Lets other runs have the directory; what is in it stays to be read. */
  release(): void {
    try {
      // A test may have emptied its working directory, marker included: without it the next run would refuse it.
      if (statSync(this.path).ino === this.#inode) writeFileSync(join(this.path, MARKER), MARKER_TEXT, { flag: 'wx' });
    } catch {
      // It is there, or the directory is gone or full: all of that is the next run's to find out.
    }
    this.#lock.release();
  }
}

/**
 * Makes the directory with marker and lock inside before it has its name, so that nobody sees it without them.
 *
 * @returns undefined if there is something of that name already.
 */
function makeNew(path: string, owner: number): Lock | undefined {
  if (exists(path)) return undefined;
  makeFolders(dirname(path));
  const unborn = `${path}-new-${process.pid}-${Date.now().toString(36)}`;
  mkdirSync(unborn);
  try {
    writeFileSync(join(unborn, MARKER), MARKER_TEXT);
    const lock = Lock.take(join(unborn, LOCK), owner);
    renameSync(unborn, path);
    return lock?.at(join(path, LOCK));
  } catch (error) {
    rmSync(unborn, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' || code === 'EPERM') {
      if (exists(path)) return undefined;
    }
    throw error;
  }
}

/** `mkdirSync` with `recursive` never returns where the system refuses a folder as if its parent were missing: in /proc. */
function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile; what else it is will be said by what follows.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

interface OldOptions {
  readonly owner: number;
  readonly cwd: string;
  readonly refuse: boolean;
  readonly onDeadRun: ((path: string) => void) | undefined;
}

/** @returns undefined if another run has the directory, or, unless it is to be refused, if it is not trial's. */
function takeOld(path: string, { cwd, refuse, onDeadRun, owner }: OldOptions): Lock | undefined {
  if (!lstatSync(path).isDirectory() || !isMarked(path)) {
    if (!refuse) return undefined;
    const isAround = relative(path, cwd).split(sep)[0] !== '..';
    throw new UsageError(
      isAround
        ? `Cannot use ${path}, which the tests were started in: they run in a directory that is emptied. Pass --temp-directory a name that is free.`
        : `Cannot use ${shown(path, cwd)}: trial did not make it, and does not empty it. Move it away, or pass another --temp-directory.`,
    );
  }
  const wasLocked = exists(join(path, LOCK));
  const lock = Lock.take(join(path, LOCK), owner);
  if (lock === undefined) return undefined;
  try {
    // Nobody who lives had it, and yet it was there: its owner could not give it back.
    if (wasLocked) onDeadRun?.(path);
    empty(path);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether the marker is ours. Twisted's own trial has one of that name, which is empty. */
function isMarked(path: string): boolean {
  const marker = join(path, MARKER);
  if (lstatSync(marker, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return readFileSync(marker, 'utf8') === MARKER_TEXT;
}

function empty(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === MARKER || entry.name.startsWith(LOCK)) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) removeDirectory(child);
    else unlinkSync(child);
  }
}

/** A test may have taken its own right to write from a folder. */
function removeDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      makeWritable(path);
      rmSync(path, { recursive: true, force: true });
    }
  }
}

function makeWritable(path: string): void {
  fs.chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(path, entry.name));
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function unusable(path: string, cwd: string, error: NodeJS.ErrnoException): UsageError {
  const reason = reasonOf(error);
  const where = error.path === undefined || error.path.startsWith(`${path}-new-`) ? path : error.path;
  return new UsageError(
    `Cannot make or empty ${shown(path, cwd)}: ${reason}${where === path ? '' : ` (${shown(where, cwd)})`}. ` +
      'Put that right, or pass another --temp-directory.',
    { cause: error },
  );
}

/** A path as the user would write it. */
function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : `./${short}`;
}
