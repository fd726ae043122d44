import fs from 'node:fs';
import { join } from 'node:path';
import type { TestId } from '../events/events.js';
import { LogText } from './log_text.js';

const { mkdirSync, writeFileSync } = fs;

/** What a single test may write before it is in a file, whatever becomes of the test. */
const MOST_OF_ONE = 1024 * 1024;

/** What all tests that passed may have written without being in a file, should one of them fail late. */
const MOST_OF_ALL = 4 * 1024 * 1024;

/** Leaves room for a number and the extension in the 255 bytes of a file's name. */
const LONGEST_NAME = 200;

/** Where in the temporary directory tests have log files of their own. */
export const OWN_LOGS = '_trial_logs';

/** What the file of a test is called, without its extension. */
export function ownLogName(id: TestId): string {
  return id.replace(/[^\w.$-]/gu, '_').slice(0, LONGEST_NAME);
}

const FORGOTTEN = '[-] What this test wrote before is in the log of the run only.\n';

/**
 * Log files of single tests: of those that failed and have written something. A test that writes nothing costs nothing,
 * and one that passes no file.
 */
export class OwnLogs {
  readonly #directory: string;
  readonly #onError: (error: NodeJS.ErrnoException) => void;
  readonly #logs = new Map<TestId, OwnLog>();
  /** Of tests that passed, those whose text is in no file; the oldest first. */
  readonly #kept = new Map<TestId, OwnLog>();
  #keptCharacters = 0;
  readonly #forgotten = new Set<TestId>();
  /** Tests that failed without having written anything. */
  readonly #failedSilently = new Set<TestId>();
  readonly #names = new Map<string, TestId>();
  #isBroken = false;

  /**
   * @param directory - Where the files come to lie, absolute; it is made when the first one is.
   * @param onError - Told once why there are none.
   */
  constructor(directory: string, onError: (error: NodeJS.ErrnoException) => void) {
    this.#directory = directory;
    this.#onError = onError;
  }

  /** Whether the test has written something since it began. */
  has(id: TestId): boolean {
    return this.#logs.size > 0 && this.#logs.has(id);
  }

  /** Adds to the log of a test what `make` makes of it. */
  add(id: TestId, make: (text: LogText) => string): void {
    if (this.#isBroken) return;
    let log = this.#logs.get(id);
    if (log === undefined) {
      log = { text: new LogText(), pending: '', path: undefined };
      this.#logs.set(id, log);
      if (this.#forgotten.has(id)) log.pending = FORGOTTEN;
    }
    const text = make(log.text);
    log.pending += text;
    if (this.#kept.has(id)) this.#keep(text.length);
    else if (log.path !== undefined || log.pending.length > MOST_OF_ONE || this.isLate(id)) this.#write(id, log);
  }

  /** A test begins: what it wrote in an earlier pass is over. */
  begin(id: TestId): void {
    if (this.#failedSilently.size > 0) this.#failedSilently.delete(id);
    if (this.#logs.size === 0) return;
    this.#release(id);
    this.#logs.delete(id);
    this.#forgotten.delete(id);
  }

  /** A test is over; if it passed, its text is kept for a while. */
  passed(id: TestId): void {
    if (this.#logs.size === 0) return;
    const log = this.#logs.get(id);
    if (log === undefined || log.path !== undefined) return;
    this.#kept.set(id, log);
    this.#keep(log.pending.length);
  }

  /** A test has failed, perhaps late. */
  failed(id: TestId): void {
    const log = this.#logs.get(id);
    if (log !== undefined) this.#write(id, log);
    else this.#failedSilently.add(id);
  }

  /** Whether all that the test has written came when it had failed. */
  isLate(id: TestId): boolean {
    return this.#failedSilently.size > 0 && this.#failedSilently.has(id);
  }

  /** Writes what tests have written that are not over: they will not be any more. */
  flush(): void {
    for (const [id, log] of this.#logs) if (!this.#kept.has(id)) this.#write(id, log);
  }

  /** The file of a test, absolute; undefined if it has none. */
  pathOf(id: TestId): string | undefined {
    return this.#logs.size === 0 || this.#isBroken ? undefined : this.#logs.get(id)?.path;
  }

  #keep(characters: number): void {
    this.#keptCharacters += characters;
    for (const id of this.#kept.keys()) {
      if (this.#keptCharacters <= MOST_OF_ALL) return;
      this.#release(id);
      this.#logs.delete(id);
      this.#forgotten.add(id);
    }
  }

  #release(id: TestId): void {
    const log = this.#kept.get(id);
    if (log === undefined) return;
    this.#keptCharacters -= log.pending.length;
    this.#kept.delete(id);
  }

  #newPath(id: TestId): string {
    const name = ownLogName(id);
    let free = name;
    // Some file systems take capital and small letters for the same.
    for (let i = 2; (this.#names.get(free.toLowerCase()) ?? id) !== id; i++) free = `${name}-${i}`;
    this.#names.set(free.toLowerCase(), id);
    return join(this.#directory, `${free}.log`);
  }

  #write(id: TestId, log: OwnLog): void {
    this.#release(id);
    const { pending } = log;
    if (pending === '' || this.#isBroken) return;
    log.pending = '';
    const flag = log.path === undefined ? 'w' : 'a';
    log.path ??= this.#newPath(id);
    try {
      this.#writeFile(log.path, pending, flag);
    } catch (error) {
      this.#isBroken = true;
      this.#onError(error as NodeJS.ErrnoException);
    }
  }

  #writeFile(path: string, text: string, flag: 'w' | 'a'): void {
    try {
      writeFileSync(path, text, { flag });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // It is the first one, or a test has emptied its working directory. One that is gone is not made again: without its
      // marker the next run would refuse it.
      mkdirSync(this.#directory);
      writeFileSync(path, text, { flag });
    }
  }
}

interface OwnLog {
  readonly text: LogText;
  /** Not in the file yet. */
  pending: string;
  /** Of the file, when there is one. */
  path: string | undefined;
}
