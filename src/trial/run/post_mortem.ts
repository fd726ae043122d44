import type { Failure } from '../../internet/failure.js';

/** Stops in the debugger: `error` is what went wrong in the test `id`, whose cleanups have not happened yet. */
export function stopInDebugger(id: string, failure: Failure): void {
  const error: unknown = failure.value;
  // biome-ignore lint/suspicious/noDebugger: that is what --debug is for.
  debugger;
  void [id, error];
}
