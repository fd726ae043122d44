import { UsageError } from '../usage_error.js';
import { whyNoFile, whyUnread } from '../why_unread.js';
import { jsonMistake } from './json_mistake.js';
import { fs } from './node_fs.js';

/**
 * The value in a JSON file of the user's.
 *
 * @param shown - Its path as an error names it.
 * @throws UsageError that says where in it is what is wrong, or that it cannot be read.
 */
export function readJson(file: string, shown: string): unknown {
  return parseJson(readText(file, shown), shown);
}

/** The value in the text of such a file. */
export function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    checkJson(text, shown, { lenient: false });
    throw new UsageError(`${shown} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The text of a file of the user's.
 *
 * @throws UsageError when it cannot be read.
 */
export function readText(file: string, shown: string): string {
  // To read a pipe or a device may take for ever.
  const why = whyNoFile(file);
  if (why !== undefined) throw new UsageError(`${shown} ${why}`);
  try {
    return withoutMark(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${shown} ${whyUnread(error)}`, { cause: error });
  }
}

/**
 * Complains of the first mistake in a JSON text.
 *
 * @throws UsageError that says where it is.
 */
export function checkJson(text: string, shown: string, dialect: { readonly lenient: boolean }): void {
  const mistake = jsonMistake(text, dialect);
  if (mistake === undefined) return;
  throw new UsageError(`${shown}:${mistake.line}:${mistake.column} is no JSON: ${mistake.what}`);
}

/** Without the byte order mark that some editors begin a file with. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
