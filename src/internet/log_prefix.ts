/** How protocols and factories are called in the log. */

/** What `logPrefix()` of an object says, or else the name of its class. */
export function logPrefix(object: object): string {
  if ('logPrefix' in object && typeof object.logPrefix === 'function') return String(object.logPrefix());
  return object.constructor.name;
}
