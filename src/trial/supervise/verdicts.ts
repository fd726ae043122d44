/** What is reported where the process that ran the tests could not report any more. */
import type { LoadError, OutcomeCause, TestFinished } from '../events/events.js';
import { ProcessDiedError } from './death.js';

/** A test as its events name it. */
export interface Place {
  readonly id: string;
  readonly file: string;
  readonly line?: number;
}

/** The end of a test that an error has ended. */
export function endOf(test: Place & { readonly startedAt: number }, error: Error, cause: OutcomeCause): TestFinished {
  const { id, file, line, startedAt } = test;
  const frame = line === undefined ? '' : `\n    at ${id} (${file}:${line}:1)`;
  return {
    type: 'testFinished',
    ...place(id, file, line),
    outcomes: [{ kind: 'error', ...plain(error, frame), cause }],
    duration: Math.max(0, Date.now() / 1000 - startedAt),
  };
}

/**
 * A death in no test.
 *
 * @param id - What it is charged to.
 * @param last - The test that was over then; undefined: none was.
 * @param how - What is known of it.
 */
export function strayDeath(id: string, last: Place | undefined, how: string): LoadError {
  const when =
    last === undefined
      ? 'The process died before the first test that it was to run.'
      : `The process died when ${last.id} was over and no other test had begun: that it has to do with it is a guess.`;
  return { type: 'loadError', id, ...plain(new ProcessDiedError(`${when} ${how}`)) };
}

/** Only what is there: an event has no undefined line. */
export function place(id: string, file: string, line: number | undefined): Place {
  return line === undefined ? { id, file } : { id, file, line };
}

function plain(error: Error, frame = ''): { errorName: string; message: string; stack: string } {
  const { name, message } = error;
  return { errorName: name, message, stack: `${name}: ${message}${frame}` };
}
