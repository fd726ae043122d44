/**
 * Node's `fs`. Asked for in this way since `import 'node:fs'` also makes `fs/promises`: 1.5 ms on Node 20, 3 on 26, in each start.
 */
export const fs = process.getBuiltinModule('node:fs');

/** The real path of a file that exists. Node resolves modules to theirs. */
export const realPath: (path: string) => string =
  process.platform === 'win32' ? (path) => fs.realpathSync(path) : (path) => fs.realpathSync.native(path);

/** Whether there is a file (not a folder) of that path. */
export function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether there is a folder of that path. */
export function isDirectory(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
