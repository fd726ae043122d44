import type { Exit } from './launch.js';

/** The process that ran the tests has died. */
export class ProcessDiedError extends Error {
  override get name(): string {
    return 'ProcessDiedError';
  }

  constructor(message: string) {
    super(message);
    // Where it was made says nothing.
    this.stack = `${this.name}: ${message}`;
  }
}

/** What is known of a death. */
export interface Death {
  readonly exit: Exit;
  /** The most that it had, as far as that was seen. */
  readonly memoryBytes: number | undefined;
  /** Printed by the test, and by the process. */
  readonly output: string;
}

const MOST_LINES = 12;
const LONGEST_LINE = 300;

/** Frames of native code, addresses, what the garbage collector did: of no use to somebody who writes tests. */
const NATIVE = /^\s*\d+: 0x|^\[\d+:0x|^<---.*--->$|^-+ Native stack trace -+$|^#+$|^\s*$/;
const FATAL = /^(?:FATAL ERROR: |# Fatal error |OOM error )/m;

/** `It was killed by SIGSEGV. It had 81 MB of memory. Its last output: …`, for people. */
export function describeDeath({ exit, memoryBytes, output }: Death): string {
  const lines = output.split('\n').filter((line) => !NATIVE.test(line));
  const sentences = [`${howItEnded(exit)}.`, hint(exit, output)];
  if (memoryBytes !== undefined) sentences.push(`It had ${megabytes(memoryBytes)} of memory.`);
  if (lines.length > 0) sentences.push('Its last output:');
  const shown = lines.slice(-MOST_LINES).map((line) => `\n  ${line.slice(0, LONGEST_LINE)}`);
  return sentences.filter((sentence) => sentence !== '').join(' ') + shown.join('');
}

/** `It was killed by SIGKILL`. */
export function howItEnded({ code, signal, error }: Exit): string {
  if (error !== undefined) return `It could not be started: ${error.message}`;
  return signal === null ? `It ended with exit code ${code}` : `It was killed by ${signal}`;
}

function hint({ signal }: Exit, output: string): string {
  if (/heap out of memory|heap limit/.test(output)) {
    return 'Its heap was full: node --max-old-space-size (in NODE_OPTIONS, too) gives it more.';
  }
  if (FATAL.test(output)) return '';
  if (signal === 'SIGKILL') return 'That comes from outside: from the system when memory runs out, or from a kill -9.';
  if (signal === 'SIGSEGV' || signal === 'SIGBUS' || signal === 'SIGILL' || signal === 'SIGABRT') {
    return 'That is a crash of native code.';
  }
  return '';
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
