/** The signals that ask a process to end. */
import { msg } from '../log/publisher.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/**
 * Has `stop` called at each such signal, instead of the process being ended by it.
 *
 * @returns What takes that back.
 */
export function onStopSignal(stop: () => void): () => void {
  const received = (signal: NodeJS.Signals): void => {
    msg(`Received ${signal}, shutting down.`);
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, received);
  return () => {
    for (const signal of SIGNALS) process.off(signal, received);
  };
}
