/** A command that a signal ends leaves the status that a shell would give it: 128 and the signal's number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Has `f` called when the user, or the system, wants the command to end. A second signal of the kind ends it at once.
 *
 * @param f - Is given the exit status.
 * @returns What ends the watch.
 */
export function onInterrupt(f: (status: number) => void): () => void {
  const interrupted = (signal: NodeJS.Signals): void => f(STATUS[signal as keyof typeof STATUS]);
  const signals = Object.keys(STATUS) as (keyof typeof STATUS)[];
  for (const signal of signals) process.once(signal, interrupted);
  return () => {
    for (const signal of signals) process.off(signal, interrupted);
  };
}
