import { isAbsolute } from 'node:path';
import { errorHead, errorMessage, isError, isInstance, stackOf } from '../internet/error_text.js';
import { placeOf, splitStack, userStack } from '../internet/stack_text.js';
import { shownPath } from './shown_path.js';
import { UsageError } from './usage_error.js';

/** What was thrown, in one line, with the place in the user's own code where that was; a UsageError's message as it is. */
export function inOneLine(error: unknown, cwd: string): string {
  if (isInstance(error, UsageError)) return error.message;
  if (!isError(error)) return `${errorMessage(error).split('\n', 1)[0]} was thrown, which is no Error`;
  const [head = ''] = errorHead(error).split('\n');
  // The message of a syntax error begins with its place.
  const [frame] = splitStack(userStack(stackOf(error))).frames;
  const [, file, position] = /^(.+?)(:\d+:\d+)$/.exec(frame === undefined ? '' : placeOf(frame)) ?? [];
  if (file === undefined || position === undefined || !isAbsolute(file)) return head.replaceAll(`${cwd}/`, '');
  return `${head} (${shownPath(file, cwd)}${position})`;
}
