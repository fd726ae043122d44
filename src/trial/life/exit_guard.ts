/** Keeps a test from ending the process: the attempt is an error of the test, and the run goes on. */
import { Failure } from '../../internet/failure.js';
import { charge, currentOwner } from './attribution.js';
import { ForbiddenExitError } from './errors.js';

interface Original {
  readonly exit: typeof process.exit;
  readonly abort: typeof process.abort;
  readonly kill: typeof process.kill;
}

let original: Original | undefined;

/** From now on tests cannot end the process. */
export function beginExitGuard(): void {
  const { exit, abort, kill } = process;
  original = { exit, abort, kill };
  process.exit = (code) => {
    refuse(`process.exit(${code === undefined || code === null ? '' : JSON.stringify(code)})`);
    return exit.call(process, code);
  };
  process.abort = () => {
    refuse('process.abort()');
    return abort.call(process);
  };
  process.kill = (pid, signal = 'SIGTERM') => {
    if (pid === process.pid && isFatal(signal)) refuse(`process.kill(process.pid, ${JSON.stringify(signal)})`);
    return kill.call(process, pid, signal);
  };
}

/** Ends what `beginExitGuard` began. */
export function endExitGuard(): void {
  if (original !== undefined) Object.assign(process, original);
  original = undefined;
}

/** `reactor.stop()` in a test: trial runs the reactor, and goes on. */
export function stopRequested(): void {
  const error = new ForbiddenExitError('reactor.stop() was called in a test. It was not done: trial runs the reactor.');
  charge(currentOwner(), new Failure(error), 'error');
}

/** Charges the attempt to the test that makes it and stops its code there; does nothing outside of tests. */
function refuse(call: string): void {
  const owner = currentOwner();
  if (owner === undefined) return;
  const error = new ForbiddenExitError(`${call} was called in a test. It was not done: it would have ended the run.`);
  owner.trouble(error, new Failure(error), 'error');
  throw error;
}

function isFatal(signal: string | number): boolean {
  if (signal === 0) return false;
  if (signal === 'SIGKILL' || signal === 9 || signal === 'SIGSTOP' || signal === 19) return true;
  return typeof signal === 'string' ? !harmless.has(signal) && process.listenerCount(signal) === 0 : signal < 16;
}

/** What does not end a process that has no handler. */
const harmless: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGPIPE', 'SIGUSR1']);
