import fs from 'node:fs';
import { Batch } from '../output/batch.js';
import { type Frame, WIRE } from './frames.js';

// Taken before any test is loaded.
const { readSync, writeSync } = fs;
const { Buffer } = globalThis;
const { stringify } = JSON;
const exit = process.reallyExit.bind(process);

declare global {
  namespace NodeJS {
    interface Process {
      /** Node's own: `process.exit` without its listeners. */
      reallyExit(code?: number): never;
    }
  }
}

/** A supervised process's end of the line to its supervisor. The descriptor blocks: what was written is there. */
export class Wire {
  readonly #batch = new Batch((text) => this.#write(text));

  /** Sends a frame: soon, or with the next flush. */
  send(frame: Frame): void {
    this.#batch.add(`${stringify(frame)}\n`);
  }

  /** Sends what was not sent yet. */
  flush(): void {
    this.#batch.flush();
  }

  /** Waits for a line and reads it. */
  readLine(): string {
    const pieces: Buffer[] = [];
    for (;;) {
      const piece = Buffer.alloc(64 * 1024);
      const size = readSync(WIRE, piece);
      if (size === 0) exit(1);
      pieces.push(piece.subarray(0, size));
      if (piece[size - 1] === 10) return Buffer.concat(pieces).toString();
    }
  }

  #write(text: string): void {
    try {
      let from = writeSync(WIRE, text);
      if (from === Buffer.byteLength(text)) return;
      const data = Buffer.from(text);
      while (from < data.length) from += writeSync(WIRE, data, from);
    } catch {
      // Nobody is there any more to hear what becomes of the tests.
      exit(1);
    }
  }
}
