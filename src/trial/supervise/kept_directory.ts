import { appendFileSync } from 'node:fs';
import { timestamp } from '../../log/file_observer.js';
import type { TestId } from '../events/events.js';
import { TempDirectory } from '../temp/directory.js';
import { writeLogOfDead } from '../temp/log_of_dead.js';
import { LogText } from '../temp/log_text.js';
import { endOfOpenLine } from '../temp/open_line.js';
import type { DirectoryTaken } from './frames.js';

/** The temporary directory of a run, which has to outlive the process that took it. */
export class KeptDirectory {
  #taken: DirectoryTaken | undefined;
  #directory: TempDirectory | undefined;

  /** Absolute; undefined: it has not been taken. */
  get path(): string | undefined {
    return this.#taken?.path;
  }

  /** A process has taken it, in the name of this one. */
  taken(frame: DirectoryTaken): void {
    this.#taken = frame;
    try {
      this.#directory = TempDirectory.takenBy(process.pid, frame.path);
    } catch {
      // A test has removed it since: then there is nothing to give back.
      this.#directory = undefined;
    }
  }

  /**
   * Adds to the log what the process could not write any more.
   *
   * @returns why it cannot be added.
   */
  note(title: string, text: string): string | undefined {
    if (this.#taken === undefined) return undefined;
    const { log } = this.#taken;
    const entry = new LogText().entry(`${timestamp(Date.now() / 1000)} [-]`, `${title}\n${text}`);
    try {
      appendFileSync(log, endOfOpenLine(log) + entry);
      return undefined;
    } catch (error) {
      return `Cannot write ${log}: ${(error as Error).message}`;
    }
  }

  /** Makes the log file of a test's own that the process could not make any more. @returns its path, if there is one. */
  ownLog(id: TestId): string | undefined {
    return this.#taken === undefined ? undefined : writeLogOfDead(this.#taken.path, this.#taken.log, id);
  }

  /** Gives it back. */
  release(): void {
    this.#directory?.release();
  }
}
