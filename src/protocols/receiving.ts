/** What all receivers need. */
import type { ByteBuffer } from './byte_buffer.js';

// More than one read of a socket brings.
const ONE_READ = 64 * 1024;

/**
 * Whether nothing that comes now can matter: the connection is being closed, and much waits already.
 *
 * The reactor's connections hand on nothing once they are asked to close; this bounds the memory with any other.
 */
export function isFlooded(
  waiting: ByteBuffer,
  limit: number,
  transport: { disconnecting: boolean } | undefined,
): boolean {
  return waiting.length > limit + ONE_READ && transport?.disconnecting === true;
}

/** The error of a receiver that has nowhere to put what it received. */
export function notOverridden(receiver: object, method: string): Error {
  return new Error(`${receiver.constructor.name} has no ${method}: override it to take what comes.`);
}
