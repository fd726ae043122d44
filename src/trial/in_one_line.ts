import { isAbsolute } from 'node:path';
import { errorHead, isError } from '../internet/error_text.js';
import { placeOf, splitStack, userStack } from '../internet/stack_text.js';
import { shownPath } from './shown_path.js';
import { UsageError } from './usage_error.js';

/** What was thrown, in one line, with the place in the user's own code where that was. */
export function inOneLine(error: unknown, cwd: string): string {
  const [head = ''] = (error instanceof UsageError ? error.message : errorHead(error)).split('\n');
  // The message of a syntax error begins with its place.
  if (!isError(error) || error instanceof UsageError) return head;
  const [frame] = splitStack(userStack(error.stack ?? '')).frames;
  const [, file, position] = /^(.+?)(:\d+:\d+)$/.exec(frame === undefined ? '' : placeOf(frame)) ?? [];
  if (file === undefined || position === undefined || !isAbsolute(file)) return head.replace(`${cwd}/`, '');
  return `${head} (${shownPath(file, cwd)}${position})`;
}
