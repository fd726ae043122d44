/**
 * Gives the sockets that a server accepts the context of whoever had the server listen.
 *
 * Node hands them their data, ends and errors in no context at all: what a handler throws could be charged to nobody.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { currentOwner, type Owner, runAs } from './attribution.js';

const CHANNEL = 'net.server.socket';

/** What a handler has thrown in a context that ended with the throw. */
let thrown: { readonly error: unknown; readonly owner: Owner } | undefined;

interface Emitting {
  emit(event: string | symbol, ...args: unknown[]): boolean;
}

/** Begins to watch. */
export function beginAcceptedWatch(): void {
  subscribe(CHANNEL, accepted);
}

/** Ends what `beginAcceptedWatch` began; sockets that are there already keep their context. */
export function endAcceptedWatch(): void {
  unsubscribe(CHANNEL, accepted);
}

/** Whose error it is that has just arrived without a context, if a handler of an accepted socket threw it. */
export function throwerOf(error: unknown): Owner | undefined {
  const owner = thrown?.error === error ? thrown?.owner : undefined;
  thrown = undefined;
  return owner;
}

/** Is called in the context of the server. */
function accepted(message: unknown): void {
  const owner = currentOwner();
  if (owner === undefined) return;
  const { socket } = message as { readonly socket: Emitting };
  const { emit } = socket;
  function emitInContext(this: Emitting, ...args: Parameters<Emitting['emit']>): boolean {
    // What has a context of its own, a timer of the socket's for one, keeps it.
    if (owner === undefined || currentOwner() !== undefined) return Reflect.apply(emit, this, args);
    try {
      return runAs(owner, applyEmit, emit, this, args);
    } catch (error) {
      thrown = { error, owner };
      throw error;
    }
  }
  Object.defineProperty(socket, 'emit', { value: emitInContext, writable: true, configurable: true });
}

function applyEmit(emit: Emitting['emit'], socket: Emitting, args: Parameters<Emitting['emit']>): boolean {
  return Reflect.apply(emit, socket, args);
}
