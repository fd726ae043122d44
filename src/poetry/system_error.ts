import { getSystemErrorMap } from 'node:util';

/** What the system says of an error of its own: `permission denied`. */
export function describeSystemError(error: Error): string {
  const { errno } = error as NodeJS.ErrnoException;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? error.message;
}
