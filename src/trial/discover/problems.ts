import { className, errorHead, errorMessage, isError, isInstance } from '../../internet/error_text.js';
import { userStack } from '../../internet/stack_text.js';
import { partOf } from '../life/errors.js';
import { explainPortInUse } from '../network/port_in_use.js';
import type { SuiteProblem } from '../run/suite.js';
import { UsageError } from '../usage_error.js';
import { whyUnread } from '../why_unread.js';

/** Something that was asked for cannot be had: alone it ends the run with status 2. */
export function usageProblem(id: string, message: string): SuiteProblem {
  const event = { type: 'loadError', id, errorName: 'UsageError', message, stack: message } as const;
  return { kind: 'problem', event, usage: message };
}

/** A file that is there and cannot be read. */
export function unreadProblem(id: string, error: unknown): SuiteProblem {
  return usageProblem(id, `${id} ${whyUnread(error)}`);
}

/** A module that does not load: an error of the run. */
export function loadProblem(id: string, error: unknown): SuiteProblem {
  if (!isError(error)) {
    const message = `the module threw ${errorMessage(error)}, which is no Error`;
    return {
      kind: 'problem',
      event: { type: 'loadError', id, errorName: 'Error', message, stack: message },
      usage: undefined,
    };
  }
  if (isInstance(error, UsageError)) return usageProblem(id, error.message);
  const why = explainPortInUse(error);
  const more = why === undefined ? '' : `\n${why}`;
  const own = partOf(error, 'stack');
  const stack = userStack(typeof own === 'string' ? own : errorHead(error)) + more;
  const message = errorMessage(error) + more;
  const event = { type: 'loadError', id, errorName: className(error), message, stack } as const;
  return { kind: 'problem', event, usage: undefined };
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** `a`, `a and b`, `a, b, c and 4 more`. */
export function andList(names: readonly string[], most = 5): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
