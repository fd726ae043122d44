import { basename, resolve } from 'node:path';
import { fs, isFile } from '../load/node_fs.js';
import { UsageError } from '../usage_error.js';
import { isTestFile } from './walk.js';

/**
 * What to run for a file that is being edited: itself when it is a test file, else what the comment in one of its first two
 * lines names, as in `// -*- test-case-name: tests.test_poetry,tests.test_server -*-`.
 *
 * @param file - As given.
 * @returns Selectors; none when the file names no tests.
 * @throws UsageError when there is no such file.
 * @see Twisted, trial --testmodule.
 */
export function selectorsForFile(file: string, cwd: string): string[] {
  const path = resolve(cwd, file);
  if (!isFile(path)) throw new UsageError(`--testmodule ${file} does not exist: pass a source file or a test file`);
  if (isTestFile(basename(path))) return [file];
  for (const line of fs.readFileSync(path, 'utf8').split('\n', 2)) {
    const variables = /-\*-(.*?)-\*-/.exec(line)?.[1]?.split(';') ?? [];
    for (const variable of variables) {
      const [, names] = /^\s*test-case-name\s*:(.*)$/i.exec(variable) ?? [];
      if (names !== undefined)
        return names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '');
    }
  }
  return [];
}
