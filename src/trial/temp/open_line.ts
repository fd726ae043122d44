import fs from 'node:fs';

// Taken before any test is loaded.
const { Buffer } = globalThis;
const { closeSync, fstatSync, openSync, readSync } = fs;

/** What has to be written first to a log whose writer has died, perhaps in the middle of a line: a line break, or nothing. */
export function endOfOpenLine(path: string): '' | '\n' {
  const fd = openSync(path, 'r');
  try {
    const last = Buffer.from('\n');
    const { size } = fstatSync(fd);
    if (size > 0) readSync(fd, last, 0, 1, size - 1);
    return last.toString() === '\n' ? '' : '\n';
  } finally {
    closeSync(fd);
  }
}
