/**
 * The run cannot be done as it was asked for: one clear line for the user (what, where, what to do), exit status 2.
 *
 * Its stack is never shown.
 */
export class UsageError extends Error {
  override get name(): string {
    return 'UsageError';
  }
}
