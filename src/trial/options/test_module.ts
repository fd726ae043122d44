import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../usage_error.js';
import { whyNoFile, whyUnread } from '../why_unread.js';

/**
 * Finds the tests of a source file: those that a comment in one of its first two lines names,
 * `// -*- test-case-name: tests.test_foo,tests.test_bar -*-`, or the file itself if its name is a test's.
 *
 * @param file - Path from `cwd`.
 * @returns Selectors: dotted ids, or the file.
 * @throws UsageError if there is no such file, or it names no tests.
 * @see Twisted, trial --testmodule
 */
export function testsOf(file: string, cwd: string): readonly string[] {
  if (/^test_|\.(?:test|spec)\./.test(basename(file))) return [file];
  const why = whyNoFile(resolve(cwd, file));
  if (why !== undefined) throw new UsageError(`Cannot use --testmodule ${file}: it ${why}.`);
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot use --testmodule ${file}: it ${whyUnread(error)}.`, { cause: error });
  }
  for (const line of text.split('\n', 2)) {
    const variables = /-\*-(.*)-\*-/.exec(line)?.[1]?.split(';') ?? [];
    for (const variable of variables) {
      const names = /^\s*test-case-name\s*:(.*)$/.exec(variable)?.[1];
      const list = names?.split(',').flatMap((name) => name.trim() || []) ?? [];
      if (list.length > 0) return list;
    }
  }
  throw new UsageError(
    `No tests are named in ${file}. Write in its first line: // -*- test-case-name: tests.test_${basename(file).split('.')[0]} -*-`,
  );
}
