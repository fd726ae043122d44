import type { ChildProcess } from 'node:child_process';
import { DUMP_KEY, DUMP_SIGNALS, isAtKeyboard, STATUS_KEYS } from '../dump_keys.js';

const SIGNALS = [...DUMP_SIGNALS, ...STATUS_KEYS];

/** Hands on what asks what the running test is waiting for. */
export class DumpRelay {
  #process: ChildProcess | undefined;

  start(): void {
    for (const signal of SIGNALS) process.on(signal, this.#received);
    process.on(DUMP_KEY, this.#keyPressed);
  }

  stop(): void {
    for (const signal of SIGNALS) process.off(signal, this.#received);
    process.off(DUMP_KEY, this.#keyPressed);
  }

  /** From now on that is the process of the tests. */
  follow(process: ChildProcess): void {
    this.#process = process;
  }

  readonly #received = (signal: NodeJS.Signals): void => {
    this.#process?.kill(signal);
  };

  readonly #keyPressed = (signal: NodeJS.Signals): void => {
    if (isAtKeyboard()) {
      this.#received(signal);
      return;
    }
    // Nobody has pressed a key: it does what it does to any program. The process of the tests ends with this one.
    process.off(DUMP_KEY, this.#keyPressed);
    process.kill(process.pid, signal);
  };
}
