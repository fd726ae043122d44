import fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestId } from '../events/events.js';
import { OWN_LOGS, ownLogName } from './own_logs.js';

const { closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } = fs;

/** Of what a test has written last there is so much. */
const MOST = 1024 * 1024;
/** What another test wrote meanwhile, with the lines that go on with it. */
const OF_ANOTHER = /^\S+ \S+ \[[^\]\n]* of [^\]\n]+\] .*\n(?:\t.*\n)*/gm;

/**
 * Makes the log file of a test's own where the process has died that would have made it, of what the run's log has.
 *
 * @param directory - The run's temporary directory, absolute.
 * @param log - The run's log in it, absolute.
 * @returns Its path; undefined: the test has written nothing, or there is no reading the log or writing the file.
 */
export function writeLogOfDead(directory: string, log: string, id: TestId): string | undefined {
  const path = join(directory, OWN_LOGS, `${ownLogName(id)}.log`);
  try {
    const text = endOf(log);
    const mark = ` [-] --> ${id.replaceAll('\n', '\n\t')} <--\n`;
    const begun = text.lastIndexOf(mark);
    const written = text.slice(begun === -1 ? text.indexOf('\n') + 1 : begun + mark.length).replaceAll(OF_ANOTHER, '');
    if (written === '') return undefined;
    // One that has written so much has had a file from then on.
    if (begun === -1 && fs.existsSync(path)) return path;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, written.endsWith('\n') ? written : `${written}\n`);
    return path;
  } catch {
    // The test may have removed it. What was said of the test is in the report all the same.
    return undefined;
  }
}

function endOf(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const data = Buffer.alloc(Math.min(size, MOST));
    return data.toString('utf8', 0, readSync(fd, data, 0, data.length, size - data.length));
  } finally {
    closeSync(fd);
  }
}
