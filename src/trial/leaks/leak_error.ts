import { className } from '../../internet/error_text.js';
import type { LeakKind } from './made.js';
import type { Place } from './place.js';

/** A test is over and something that it made is not: a timer, a socket, a file, a listener, … */
export class LeakError extends Error {
  /** What it is, as `allowLeaks` names it. */
  readonly kind: LeakKind;
  /** What it is, with its address, delay or file. */
  readonly description: string;
  /** `file:line:column` where it was made. */
  readonly place: string;

  override get name(): string {
    return 'LeakError';
  }

  /** @param problem - That it could not be closed, if so. */
  constructor(kind: LeakKind, description: string, place: Place, problem: unknown) {
    const unclosed =
      problem === undefined ? '' : ` It could not be closed (${textOf(problem)}): later tests may suffer.`;
    const [inPackage] = place.hasUsersLine ? [] : place.packages;
    const whose = inPackage === undefined ? '' : `, in the package ${inPackage} (what called it is not known)`;
    super(`${LEFT[kind]}: ${description}, made at ${place}${whose}.${unclosed}\n${REMEDIES[kind]}`);
    this.kind = kind;
    this.description = description;
    this.place = String(place);
    this.stack = [`${this.name}: ${this.message}`, ...place.userFrames.slice(0, 4)].join('\n');
  }
}

function textOf(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  return problem instanceof Error ? problem.message : className(problem);
}

const LEFT: Readonly<Record<LeakKind, string>> = {
  timer: 'A timer is left',
  immediate: 'An immediate is left',
  server: 'A server is left listening',
  socket: 'A socket is left open',
  udp: 'A UDP socket is left open',
  http2: 'An HTTP/2 session is left open',
  process: 'A child process is left running',
  worker: 'A worker thread is left running',
  port: 'A message port is left open',
  watcher: 'A watcher of files is left',
  file: 'A file is left open',
  request: 'A request is not answered yet',
  listener: 'A listener of process is left',
  signal: 'A signal handler is left',
  env: 'process.env is changed',
  cwd: 'The working directory is changed',
};

const REMEDIES: Readonly<Record<LeakKind, string>> = {
  timer: 'Clear it before the test is over, or wait for it.',
  immediate: 'Clear it before the test is over.',
  server: 'Close it before the test is over, and wait for that.',
  socket: 'End, close or destroy it before the test is over; of a fetch, read the body or abort it.',
  udp: 'Close it before the test is over.',
  http2: 'Close it before the test is over.',
  process: 'Wait for its end, or kill it, before the test is over.',
  worker: 'Wait for its end, or terminate it, before the test is over.',
  port: 'Close it before the test is over.',
  watcher: 'Close it before the test is over.',
  file: 'Close it before the test is over.',
  request: 'Wait for its answer before the test is over.',
  listener: 'Remove it before the test is over.',
  signal: 'Remove it before the test is over.',
  env: 'Give it back its value before the test is over: this.patch(process.env, …) does.',
  cwd: 'Go back before the test is over.',
};
