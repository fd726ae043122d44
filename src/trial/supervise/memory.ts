import { readFileSync } from 'node:fs';

/** Often enough to see a heap grow; each look takes some microseconds. */
const INTERVAL_MS = 100;

/** Looks now and then how much memory a process has. Where the system does not say so in a file, nothing is known. */
export class MemoryWatch {
  readonly #file: string;
  readonly #timer: NodeJS.Timeout;
  /** The most that was seen. */
  peakBytes: number | undefined;

  constructor(pid: number | undefined) {
    this.#file = `/proc/${pid}/status`;
    this.#timer = setInterval(() => this.look(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Also called before the first test, which may be the end of the process at once. */
  readonly look = (): void => {
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(this.#file, 'latin1'))?.[1];
      if (kilobytes !== undefined) this.peakBytes = Number(kilobytes) * 1024;
    } catch {
      this.stop();
    }
  };
}
