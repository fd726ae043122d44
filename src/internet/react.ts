/** A whole program as one Deferred. */
import { err } from '../log/publisher.js';
import { ReactorNotRunning } from './errors.js';
import { isFailure } from './failure.js';
import { type NodeReactor, reactor } from './reactor.js';
import { maybeDeferred } from './succeed.js';

/**
 * Runs the reactor until what `main` returns has its result, and makes that the exit status of the process: 0, or 1
 * after an error, which is logged.
 *
 * @param main - Is called with the reactor and `argv`; may return a Deferred, a promise or nothing.
 * @param argv - Further arguments of `main`.
 * @returns A promise that settles when the reactor has stopped. There is no need to wait for it.
 * @example
 * react(async (reactor, host) => console.log(await getPoetry(host, 10000)), ['127.0.0.1']);
 * @see Twisted, task.react: same meaning. There it ends the process; here the process ends when nothing is left to do.
 */
export async function react<A extends readonly unknown[]>(
  main: (reactor: NodeReactor, ...argv: A) => unknown,
  ...[argv]: A extends readonly [] ? [argv?: A] : [argv: A]
): Promise<void> {
  let stopping = false;
  reactor.addSystemEventTrigger('before', 'shutdown', () => {
    stopping = true;
  });
  const finish = (result: unknown): void => {
    if (!stopping) stopIfRunning();
    if (!isFailure(result)) return;
    err(result, 'main function encountered error');
    process.exitCode = 1;
  };
  maybeDeferred(main, reactor, ...((argv ?? []) as unknown as A)).addBoth((result) => {
    if (stopping) finish(result);
    else reactor.callWhenRunning(finish, result);
  });
  await reactor.run();
}

/** Stops the reactor, unless `main` has asked for that itself. */
function stopIfRunning(): void {
  try {
    reactor.stop();
  } catch (error) {
    if (!(error instanceof ReactorNotRunning)) throw error;
  }
}
