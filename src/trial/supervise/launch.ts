import type { ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { makePipe } from './named_pipe.js';

// Not imported, so that nothing is loaded before the process is started but what that takes.
const SUPERVISOR: typeof import('./wish.js').SUPERVISOR = 'TXTRIAL_SUPERVISOR';
const WIRE: typeof import('./frames.js').WIRE = 3;

const HAS_GROUPS = process.platform !== 'win32';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not even be started. */
  readonly error?: Error;
}

/** Listens on a stream that is to be read later, so that nothing of it is lost; to be taken away by whoever reads `data`. */
export const notYet = (): void => {};

/** What may keep this process alive: of the pipes, too, which are sockets. */
type Referable = Pick<ChildProcess, 'ref' | 'unref'>;

/** A process that runs tests. */
export interface Launched {
  readonly process: ChildProcess;
  readonly wire: Duplex;
  /** What is written to the descriptor itself; undefined: it goes to the terminal, so that tests see one. */
  readonly stderr: Readable | null;
  readonly exit: Promise<Exit>;
  /** Kills what the process has started and has not ended. */
  killOrphans(): void;
  /** Whether this process lives at least as long as that one. */
  setKeepsAlive(keeps: boolean): void;
}

/**
 * Starts a process like this one, with the same arguments to Node and to trial.
 *
 * @param firstLine - What it is to read first; undefined: it is the first process of the run.
 */
export function launch(firstLine?: string): Launched {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const [, script = '', ...argv] = process.argv;
  // A terminal's goes to the terminal, so that tests see one.
  const isShown = isTerminal(2);
  const pipe = isShown ? undefined : makePipe();
  const child = spawn(process.execPath, [...process.execArgv, script, ...argv], {
    env: { ...process.env, [SUPERVISOR]: firstLine === undefined ? `${process.pid}` : `${process.pid} again` },
    stdio: ['inherit', 'inherit', isShown ? 'inherit' : (pipe?.writer ?? 'pipe'), 'pipe'],
    // In a group of its own, with which all that it starts can be ended.
    detached: HAS_GROUPS,
  });
  if (pipe !== undefined) process.getBuiltinModule('node:fs').closeSync(pipe.writer);
  const wire = child.stdio[WIRE] as Duplex;
  // It may die while it is written to; that is seen elsewhere.
  wire.on('error', () => {});
  if (firstLine !== undefined) wire.write(`${firstLine}\n`);
  const exit = new Promise<Exit>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
  });
  const stderr = pipe?.reader ?? child.stderr;
  // Once the process is over, Node throws away what nobody has begun to read.
  for (const stream of [wire, stderr]) stream?.on('readable', notYet);
  const setKeepsAlive = (keeps: boolean): void => {
    for (const one of [child, wire, stderr] as (Referable | null)[]) {
      if (keeps) one?.ref();
      else one?.unref();
    }
  };
  return { process: child, wire, stderr, exit, killOrphans: () => killGroup(child.pid), setKeepsAlive };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined || !HAS_GROUPS) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

function isTerminal(fd: number): boolean {
  try {
    const { fstatSync } = process.getBuiltinModule('node:fs');
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false;
  }
}
