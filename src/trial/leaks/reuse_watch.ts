/**
 * Sees who takes a connection that an agent or a pool has kept, as it is on the books of whoever uses it, not of its maker;
 * and what WebSocket takes one.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Method, standIn } from '../../internet/stand_in.js';
import { SocketMade } from './connection_made.js';
import { currentFetch } from './fetch_watch.js';
import { transportOf } from './handle.js';
import { book, type Maker } from './made.js';
import { capturePlace, type Place } from './place.js';
import type { WebSocketLike } from './web_socket.js';

/** Between the user's code and a package's agent there may be many. */
const FRAMES = 64;

let currentMaker: () => Maker | undefined = () => undefined;
/** On whose books a handle is. */
let users = new WeakMap<object, Maker>();
/** Who asked undici for what, and where. */
let asked = new WeakMap<object, { readonly maker: Maker; readonly place: Place }>();
let undo: () => void = () => {};

/** Begins to watch. @param maker - Whose context it is. */
export function beginReuseWatch(maker: () => Maker | undefined): void {
  currentMaker = maker;
  subscribe('http.client.request.start', firstRequest);
  subscribe('undici:request:create', undiciRequested);
  subscribe('undici:client:sendHeaders', undiciSent);
  subscribe('undici:websocket:open', webSocketOpened);
}

/** Ends what `beginReuseWatch` began. */
export function endReuseWatch(): void {
  unsubscribe('http.client.request.start', firstRequest);
  unsubscribe('undici:request:create', undiciRequested);
  unsubscribe('undici:client:sendHeaders', undiciSent);
  unsubscribe('undici:websocket:open', webSocketOpened);
  undo();
  undo = () => {};
  users = new WeakMap();
  asked = new WeakMap();
}

/** Puts a socket's handle on a maker's books. Returns whether it was not there before. */
export function use(handle: object, maker: Maker): boolean {
  if (users.get(handle) === maker) return false;
  users.set(handle, maker);
  return true;
}

/** Nothing is kept before it, and node:http takes a while to load: nobody may need it. */
function firstRequest(): void {
  unsubscribe('http.client.request.start', firstRequest);
  const { Agent } = process.getBuiltinModule('node:http');
  undo = standIn(Agent.prototype, 'reuseSocket', (reuseSocket: Method) => {
    return function reuseSocketWatched(this: unknown, ...args) {
      const [socket] = args;
      const maker = currentMaker();
      if (maker !== undefined) taken(socket, maker, capturePlace(FRAMES, reuseSocketWatched));
      return Reflect.apply(reuseSocket, this, args);
    };
  });
}

function undiciRequested(message: unknown): void {
  const maker = currentMaker();
  if (maker === undefined) return;
  const { request } = message as { readonly request: object };
  asked.set(request, { maker, place: capturePlace(FRAMES, undiciRequested, currentFetch()) });
}

function undiciSent(message: unknown): void {
  const { request, socket } = message as { readonly request: object; readonly socket: object };
  const { maker, place } = asked.get(request) ?? {};
  if (maker !== undefined && place !== undefined) taken(socket, maker, place);
}

function webSocketOpened(message: unknown): void {
  const { address, websocket } = message as {
    readonly address?: { readonly port?: number };
    readonly websocket?: WebSocketLike;
  };
  if (websocket === undefined || address?.port === undefined) return;
  const made = currentMaker()?.made?.findLast(
    (thing) => thing.kind === 'socket' && thing.ends?.()?.[0] === address.port,
  );
  if (made instanceof SocketMade) made.carries(websocket);
}

function taken(socket: object, maker: Maker, place: Place): void {
  const handle = transportOf(socket);
  if (handle !== undefined && use(handle, maker)) book(maker, new SocketMade(handle, place));
}
