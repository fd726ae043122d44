/** What asks from outside what the running test is waiting for. */

/** Sent by another program; Windows has no such signal. */
export const DUMP_SIGNALS: readonly NodeJS.Signals[] = process.platform === 'win32' ? [] : ['SIGUSR2'];

/**
 * What keys at a terminal send: Ctrl-\, as with Java, and Ctrl-Break on Windows. Nothing has to be read from the terminal for
 * that, so that it stays as it is and tests may read there.
 */
export const DUMP_KEY: NodeJS.Signals = process.platform === 'win32' ? 'SIGBREAK' : 'SIGQUIT';

/** Ctrl-T, where terminals have that. */
export const STATUS_KEYS: readonly NodeJS.Signals[] = process.platform === 'darwin' ? ['SIGINFO'] : [];

/** What to press, as people are told. */
export const DUMP_KEY_NAME = process.platform === 'win32' ? 'Ctrl-Break' : 'Ctrl-\\';

/** Whether somebody sits at the keyboard. Not asked before it matters. */
export function isAtKeyboard(): boolean {
  return process.getBuiltinModule('node:tty').isatty(0);
}
