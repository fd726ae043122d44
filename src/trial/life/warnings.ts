/** A warning that a test caused: what `process.emitWarning` was given. */
export interface CollectedWarning {
  /** The warning's name: `Warning`, `DeprecationWarning`, … */
  readonly category: string;
  /** Its text. */
  readonly message: string;
  /** As it was given to `process.emitWarning`. */
  readonly code: string | undefined;
  /** As it was given to `process.emitWarning`. */
  readonly detail: string | undefined;
  /** Where it was emitted: the user's own frames. */
  readonly stack: string;
}

/** Which warnings to leave out: those of that category (all, without one) whose message matches (all, without one). */
export interface Suppression {
  /** The warning's name. */
  readonly category?: string;
  /** What is found in its text, or a part of it. */
  readonly message?: RegExp | string;
}

/** Whether one of the suppressions matches the warning. */
export function isSuppressed(warning: CollectedWarning, suppressions: readonly Suppression[]): boolean {
  for (const { category, message } of suppressions) {
    if (category !== undefined && category !== warning.category) continue;
    if (message === undefined || matches(message, warning.message)) return true;
  }
  return false;
}

function matches(wanted: RegExp | string, message: string): boolean {
  if (typeof wanted === 'string') return message.includes(wanted);
  // A sticky or global expression remembers where it stopped.
  wanted.lastIndex = 0;
  return wanted.test(message);
}
