/** Keeps tests and their modules from ending the process: the attempt is an error of the test or module, and the run goes on. */
import { Failure } from '../../internet/failure.js';
import { charge, currentOwner, hearsStrays } from './attribution.js';
import { ForbiddenExitError } from './errors.js';
import { soon } from './now.js';

// Taken before any test can replace it.
const { process } = globalThis;

interface Original {
  readonly exit: typeof process.exit;
  readonly abort: typeof process.abort;
  readonly kill: typeof process.kill;
  /** What `process.exit` comes to: not documented, and called by libraries all the same. */
  readonly reallyExit: (code?: number) => never;
  /** Puts another program in the place of this one; since Node 22.15. */
  readonly execve?: (file: string, ...rest: unknown[]) => never;
}

let original: Original | undefined;

/** From now on tests cannot end the process. */
export function beginExitGuard(): void {
  const { exit, abort, kill, reallyExit, execve } = process as typeof process & Original;
  original = execve === undefined ? { exit, abort, kill, reallyExit } : { exit, abort, kill, reallyExit, execve };
  process.exit = (code) => {
    refuse(`process.exit(${code === undefined || code === null ? '' : JSON.stringify(code)})`);
    return exit.call(process, code);
  };
  process.abort = () => {
    refuse('process.abort()');
    return abort.call(process);
  };
  Object.assign(process, {
    reallyExit(code?: number): never {
      // The end of what was allowed: trial's own, above all.
      if (Reflect.get(process, '_exiting') !== true) refuse(`process.reallyExit(${code ?? ''})`);
      return reallyExit.call(process, code);
    },
  });
  if (execve !== undefined) {
    Object.assign(process, {
      execve(file: string, ...rest: unknown[]): never {
        refuse(`process.execve(${JSON.stringify(file)})`);
        return execve.call(process, file, ...rest);
      },
    });
  }
  process.kill = (pid, signal = 'SIGTERM') => {
    if (!isMeant(pid, kill) || currentOwner() === undefined) return kill.call(process, pid, signal);
    const name = nameOf(signal);
    if (name === undefined || harmless.has(name)) return kill.call(process, pid, signal);
    // Others would get it as well.
    if (pid !== process.pid) refuse(`process.kill(${pid}, ${JSON.stringify(signal)})`);
    const listeners = listenersOfTests(name);
    if (listeners.length === 0) refuse(`process.kill(process.pid, ${JSON.stringify(signal)})`);
    // Sent for real, it would reach the handler by which trial itself is interrupted.
    soon(deliver, listeners, name);
    return true;
  };
  for (const name of process.eventNames()) {
    if (typeof name === 'string' && name.startsWith('SIG')) own.set(name, process.rawListeners(name));
  }
}

/** Ends what `beginExitGuard` began. */
export function endExitGuard(): void {
  if (original !== undefined) Object.assign(process, original);
  original = undefined;
  own.clear();
}

/** `reactor.stop()` in a test: trial runs the reactor, and goes on. */
export function stopRequested(): void {
  const error = new ForbiddenExitError('reactor.stop() was called in a test. It was not done: trial runs the reactor.');
  charge(currentOwner(), new Failure(error), 'error');
}

/** Whether a signal sent to `pid` reaches this process: itself, its group, all processes. */
function isMeant(pid: number, kill: typeof process.kill): boolean {
  if (pid === process.pid || pid === 0 || pid === -1) return true;
  if (pid !== -process.pid) return false;
  try {
    return kill.call(process, pid, 0);
  } catch {
    // It leads no group.
    return false;
  }
}

/** Charges the attempt to whoever makes it, or the run, and stops its code there; does nothing where there is no run. */
function refuse(call: string): void {
  const owner = currentOwner();
  if (owner === undefined && !hearsStrays()) return;
  const where = owner === undefined ? '' : ` ${owner.place}`;
  const error = new ForbiddenExitError(`${call} was called${where}. It was not done: it would have ended the run.`);
  charge(owner, new Failure(error), 'error', error);
  throw error;
}

/** The listeners of a signal from before the run: those are ours. */
const own = new Map<string, readonly CallableFunction[]>();

/** What does not end a process that has no handler. */
const harmless: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGPIPE', 'SIGUSR1']);

/** undefined for 0, which only asks, and for what is no signal. */
function nameOf(signal: string | number): NodeJS.Signals | undefined {
  for (const [name, number] of Object.entries(signals())) {
    if (signal === name || signal === number) return name as NodeJS.Signals;
  }
  return undefined;
}

function listenersOfTests(name: NodeJS.Signals): CallableFunction[] {
  const ours = own.get(name) ?? [];
  return process.rawListeners(name).filter((listener) => !ours.includes(listener));
}

function deliver(listeners: readonly CallableFunction[], name: NodeJS.Signals): void {
  const number = signals()[name];
  for (const listener of listeners) Reflect.apply(listener, process, [name, number]);
}

/** The numbers of signals; loaded by the rare test that sends one. */
function signals(): Partial<Record<NodeJS.Signals, number>> {
  return process.getBuiltinModule('node:os').constants.signals;
}
