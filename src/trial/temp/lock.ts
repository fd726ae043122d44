import fs from 'node:fs';
import { processFields } from '../../internet/process_fields.js';

const { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, statSync, unlinkSync, writeSync } = fs;

/** A lock whose owner has not written its name by then has died before it could. */
const UNNAMED_MS = 10_000;
/** Taking a dead owner's lock over takes a fraction of this. */
const TAKEOVER_MS = 10_000;

/**
 * A file that says which process has something: its pid and when it was started, as pids come round again.
 *
 * It needs no timer to be kept and is stale as soon as its process is gone, however that ended.
 */
export class Lock {
  readonly #path: string;
  /** Kept, as the system takes its time to say when a process was started. */
  readonly #owner: string;

  private constructor(path: string, owner: string) {
    this.#path = path;
    this.#owner = owner;
  }

  /**
   * Takes the lock at `path`.
   *
   * @param owner - The process that has it from then on.
   * @returns undefined if a living process has it.
   * @throws what the file system throws when the file cannot be made.
   */
  static take(path: string, owner: number = process.pid): Lock | undefined {
    const giveUpAt = Date.now() + TAKEOVER_MS;
    const name = nameOf(owner);
    for (;;) {
      if (create(path, name)) return new Lock(path, name);
      if (isHeld(path)) return undefined;
      // A dead owner's. Only one may remove it, and only after a second look: else the next one to look would remove
      // the lock that the first one has just taken.
      const removed = withMutex(`${path}.takeover`, () => {
        if (!isHeld(path)) remove(path);
      });
      if (!removed) {
        if (Date.now() > giveUpAt) return undefined;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    }
  }

  /** The same lock after the directory that it is in was renamed. */
  at(path: string): Lock {
    return new Lock(path, this.#owner);
  }

  /** The lock that `owner` has taken at `path`. */
  static takenBy(owner: number, path: string): Lock {
    return new Lock(path, nameOf(owner));
  }

  /** Gives the lock up; it may have gone already. */
  release(): void {
    if (readOwner(this.#path) === this.#owner) remove(this.#path);
  }
}

function create(path: string, owner: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, owner);
    return true;
  } catch (error) {
    remove(path);
    throw error;
  } finally {
    closeSync(fd);
  }
}

function isHeld(path: string): boolean {
  const owner = readOwner(path);
  if (owner === undefined) return false;
  const [, pid, start] = /^(\d+) (\S+)\n$/.exec(owner) ?? [];
  // Just made, its name not yet in it.
  if (pid === undefined) return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < UNNAMED_MS;
  return isAlive(Number(pid)) && startOf(Number(pid)) === start;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function nameOf(owner: number): string {
  return `${owner} ${startOf(owner)}\n`;
}

/** When a process was started, in ticks since boot; `-` where the system does not say so in a file. */
function startOf(pid: number): string {
  const fields = processFields(pid);
  // The 22nd of all is the start.
  return fields?.[0] === 'Z' ? 'ended' : (fields?.[19] ?? '-');
}

function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** @returns whether `action` was called; false while another process is at it. */
function withMutex(path: string, action: () => void): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    // Its maker died in the middle.
    if (made !== undefined && Date.now() - made > TAKEOVER_MS) rmdirSync(path);
    return false;
  }
  try {
    action();
    return true;
  } finally {
    rmdirSync(path);
  }
}
