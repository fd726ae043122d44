import fs from 'node:fs';

// Taken before any test is loaded: what a test puts in their place is not for us.
const { fstatSync, statSync } = fs;

/**
 * Whether a file descriptor is a terminal or another character device: then it is worth asking which.
 *
 * @throws what Node throws for a descriptor that is closed.
 */
export function isCharacterDevice(fd: number): boolean {
  const is = fstatSync(fd).isCharacterDevice();
  forgetPipe();
  return is;
}

/**
 * To be called when something may have been found to be a pipe or a socket.
 *
 * Node's `realpathSync` takes what was looked at last, a pipe, for a part of the path that it is at, and stops there: packages
 * that are links in `node_modules` would then not be found where they lie, and miss what they import.
 */
export function forgetPipe(): void {
  statSync('/');
}
