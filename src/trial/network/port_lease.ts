import { isPortFree } from '../../internet/bind_now.js';
import { Lock } from '../temp/lock.js';
import { leaseNote, leasesDirectory, lockPath, notePath } from './lease_files.js';
import { bound } from './socket_tables.js';

const { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');

/** Programs that are told a port without asking for one rarely sit below. */
const LOWEST = 10_000;
const HIGHEST = 65_535;
const ATTEMPTS = 200;

/** A port that no other test of this machine is given. */
export interface PortLease {
  readonly port: number;
  /** Lets others have it. */
  release(): void;
}

/**
 * Holds a port that nobody has, for TCP or (on Linux) for UDP, against all other leases on this machine.
 *
 * Its number is none of those that the system hands out by itself, so no connection takes it by chance.
 *
 * @param id - Of the test, for whoever asks who has the port.
 * @throws Error when no port can be had.
 */
export function leasePort(id: string): PortLease {
  const directory = leasesDirectory();
  makeShared(directory);
  const [lowest, highest] = leasable();
  const { randomInt } = process.getBuiltinModule('node:crypto');
  let refusal: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(lowest, highest + 1);
    try {
      const lock = Lock.take(lockPath(port));
      if (lock === undefined) continue;
      if (!isPortFree(port) || bound(port, 'udp').length > 0) {
        lock.release();
        continue;
      }
      writeFileSync(notePath(port), leaseNote(id));
      return leaseOf(port, lock);
    } catch (error) {
      // Left by somebody else whose files are not ours to touch: another port will do.
      refusal = error;
    }
  }
  const why = refusal instanceof Error ? refusal.message : `none of ${ATTEMPTS} ports tried is free`;
  throw new Error(`No port can be leased: ${why}. Leases are kept in ${directory}.`);
}

function leaseOf(port: number, lock: Lock): PortLease {
  return {
    port,
    release() {
      rmSync(notePath(port), { force: true });
      lock.release();
    },
  };
}

/** For everybody on this machine, as a port is: whoever made a file in it may remove it. */
function makeShared(directory: string): void {
  if (mkdirSync(directory, { recursive: true }) !== undefined) chmodSync(directory, 0o1777);
}

/** The longer stretch of ports beside those that the system gives to whoever asks for any. */
function leasable(): [lowest: number, highest: number] {
  const [first, last] = ephemeral();
  const below = first - LOWEST;
  const above = HIGHEST - last;
  if (below <= 0 && above <= 0) return [LOWEST, HIGHEST];
  return below >= above ? [LOWEST, first - 1] : [last + 1, HIGHEST];
}

function ephemeral(): [first: number, last: number] {
  if (process.platform === 'linux') {
    try {
      const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1');
      const [first, last] = range.trim().split(/\s+/).map(Number);
      if (first !== undefined && last !== undefined && first <= last) return [first, last];
    } catch {
      // A container may hide it; then Linux's own default is the best guess.
    }
    return [32_768, 60_999];
  }
  return [49_152, HIGHEST];
}
