import { writeSync } from 'node:fs';
import { keepListener } from '../life/own_listeners.js';

// Taken before any test is loaded.
const { process } = globalThis;
const kill = process.kill.bind(process);
const { execve } = process as typeof process & {
  /** From Node 22.15 on; not on Windows. */
  readonly execve?: (file: string, args: readonly string[], env: Readonly<Record<string, string>>) => never;
};

const STUCK =
  'trial: A call of fs, dns or crypto that the tests have left is still not answered, and node would wait for it for ever. It has ended.\n';

let endsByForce: (() => boolean) | undefined;

/** Whether the process, should it end now, will have to kill itself. */
export function willEndByForce(): boolean {
  return endsByForce?.() === true;
}

/**
 * Has the process end at its exit although a thread of Node's pool is stuck, in a pipe that nobody writes to: Node waits for
 * that thread, and hears no signal meanwhile. The status is kept where Node can do that; elsewhere the process is killed.
 *
 * @param isStuck - Whether it is so still.
 */
export function endByForce(isStuck: () => boolean): void {
  endsByForce = isStuck;
  keepListener('exit', (status) => {
    if (!isStuck()) return;
    writeSync(2, STUCK);
    try {
      execve?.call(process, '/bin/sh', ['sh', '-c', `exit ${Number(status)}`], {});
    } catch {
      // There is no such shell.
    }
    kill(process.pid, 'SIGKILL');
  });
}

/** Says what is waited for after the last test. */
export function tellOfWaiting(seconds: number): void {
  writeSync(
    2,
    `trial: Waiting for a call of fs, dns or crypto that the tests have left, ${seconds} seconds at most (--timeout).\n`,
  );
}
