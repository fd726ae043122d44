/** Connections that serve one request and nobody else. */

type Dispatcher = NonNullable<RequestInit['dispatcher']>;

// fetch looks its dispatcher up under the newest of these symbols; the older one may hold an adapter.
const SHARED = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')];

/**
 * A dispatcher of the class that Node's fetch uses, to be destroyed when the request is over.
 *
 * fetch keeps connections for the next request, for seconds: a server that is asked to close would wait for them, and a
 * test that is over would still have them open. And after an abort it connects once more, for nothing, and keeps that
 * connection, too: since undici 8.10.1 for ever (https://github.com/nodejs/undici/issues/5845). What is destroyed can do
 * neither. A header `connection: close` would not do: with it fetch takes the first half of an answer for the whole.
 *
 * @returns Undefined when the program has another kind of dispatcher in place, such as one for a proxy or for tests, which
 * is to be used then.
 */
export function ownDispatcher(): Dispatcher | undefined {
  // Node loads fetch, and puts its dispatcher in place, when one of its classes is first asked for.
  if (typeof globalThis.Response !== 'function') return undefined;
  const shared = SHARED.map((symbol): unknown => Reflect.get(globalThis, symbol)).find((value) => value !== undefined);
  const type: unknown = typeof shared === 'object' && shared !== null ? shared.constructor : undefined;
  if (typeof type !== 'function' || type.name !== 'Agent') return undefined;
  return Reflect.construct(type, []) as Dispatcher;
}
