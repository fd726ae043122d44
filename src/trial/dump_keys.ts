/** What asks from outside what the running test is waiting for. */
import fs from 'node:fs';

/** Node's own, taken before any test is loaded: the terminal is read while one runs. */
export const { closeSync, fstatSync, openSync, readFileSync, readlinkSync, readSync } = fs;

/** Sent by another program; Windows has no such signal. */
export const DUMP_SIGNALS: readonly NodeJS.Signals[] = process.platform === 'win32' ? [] : ['SIGUSR2'];

/**
 * What keys at a terminal send: Ctrl-\, as with Java, and Ctrl-Break on Windows. It is sent to all that runs in front of the
 * terminal: to npm as well, and the shell that it starts, which end by it.
 */
export const DUMP_KEY: NodeJS.Signals = process.platform === 'win32' ? 'SIGBREAK' : 'SIGQUIT';

/** Ctrl-T, where terminals have that; other programs ignore it. */
export const STATUS_KEYS: readonly NodeJS.Signals[] = process.platform === 'darwin' ? ['SIGINFO'] : [];

/** Whether somebody sits at the keyboard. Not asked before it matters. */
export function isAtKeyboard(): boolean {
  return process.getBuiltinModule('node:tty').isatty(0);
}

/** Whether somebody sees what is written to stderr, at the screen above the keyboard. */
export function isAtScreen(): boolean {
  return isAtKeyboard() && process.getBuiltinModule('node:tty').isatty(2);
}
