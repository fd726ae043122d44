const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied (EACCES)',
  EPERM: 'cannot be read: permission denied (EPERM)',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'is a symbolic link that leads back to itself (ELOOP)',
  ENAMETOOLONG: 'cannot be read: the name is too long (ENAMETOOLONG)',
  ENOENT: 'does not exist',
  ERR_INVALID_ARG_VALUE: 'is no path: there is a null byte in it',
};

/** Why the file system refused, as the end of a sentence. */
export function whyUnread(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `cannot be read: ${message}`;
}
