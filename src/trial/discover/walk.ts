import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { fs, isDirectory, isFile } from '../load/node_fs.js';
import { whyNoFile, whyUnread } from '../why_unread.js';

const TEST_FILE = /^test_.*\.[mc]?[jt]s$|\.(?:test|spec)\.(?:[mc]?[jt]s|[jt]sx)$/;
const MODULE_FILE = /\.(?:[mc]?[jt]s|[jt]sx)$/;
const DECLARATIONS = /\.d\.(?:[mc]?ts|[^.]+\.ts)$/;

/** Whether a folder gives it: `test_*`, `*.test.*` and `*.spec.*`. */
export function isTestFile(name: string): boolean {
  return TEST_FILE.test(name) && !DECLARATIONS.test(name);
}

/** Whether it can be loaded. */
export function isModuleFile(name: string): boolean {
  return MODULE_FILE.test(name) && !DECLARATIONS.test(name);
}

/** Whether nothing in a folder of that name is the user's own. */
export function isForeignFolder(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.') || name.startsWith('_trial_temp');
}

/** What is in a folder. */
export interface Walked {
  /** The test files, in no certain order. */
  readonly files: readonly string[];
  /** What might have given tests, and why it did not: `file` is absolute. */
  readonly unread: readonly { readonly file: string; readonly why: string }[];
}

/**
 * Looks for the test files of a folder.
 *
 * @param recurse - Whether for those of its sub-folders as well.
 * @param without - Absolute path of a folder to be left out.
 */
export function walk(folder: string, recurse: boolean, without: string): Walked {
  const files: string[] = [];
  const unread: { file: string; why: string }[] = [];
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    let entries: readonly Dirent[];
    try {
      entries = fs.readdirSync(at, { withFileTypes: true });
    } catch (error) {
      unread.push({ file: at, why: whyUnread(error) });
      continue;
    }
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (recurse && !isForeignFolder(entry.name) && path !== without) open.push(path);
      } else if (isTestFile(entry.name)) {
        if (entry.isFile() || isFile(path)) files.push(path);
        // Editors mark the files that they have open by links to nowhere, of names that begin with a dot.
        else if (entry.isSymbolicLink() && !entry.name.startsWith('.') && !isDirectory(path)) {
          unread.push({ file: path, why: whyNoFile(path) ?? 'is no file' });
        }
      }
    }
  }
  return { files, unread };
}

/** The names in a folder, in no certain order; none when it cannot be read. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // Who asks for tests in it is told so by what looks for them.
    return [];
  }
}

/** The name of a module file without its extension. */
export function stemOf(file: string): string {
  return basename(file).replace(MODULE_FILE, '');
}
