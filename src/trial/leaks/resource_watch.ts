/** Sees every timer, handle and request that Node makes, at the moment it is made and in the context of its maker. */
import { type AsyncHook, createHook, executionAsyncResource } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { DatagramSocketMade, Http2SessionMade, ServerMade, SocketMade } from './connection_made.js';
import { currentFetch } from './fetch_watch.js';
import { own } from './hush.js';
import { book, keepsPlaceOfImmediate, type Made, type Maker } from './made.js';
import { capturePlace, type Place, UNKNOWN_PLACE } from './place.js';
import { endPortWatch, notePortHolder } from './port_watch.js';
import { PortMade, ProcessMade, WatcherMade, WorkerMade, workerMade } from './process_made.js';
import { RequestMade } from './request_made.js';
import { use } from './reuse_watch.js';
import { ImmediateMade, TimerMade } from './timer_made.js';

// Taken before any test can replace it.
const { process } = globalThis;

type Make = (resource: object, place: Place) => Made;

/** By the type that Node gives it. */
const MAKERS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['TCPSERVERWRAP', (resource, place) => remember(resource, new ServerMade(resource, place))],
  ['PIPESERVERWRAP', (resource, place) => remember(resource, new ServerMade(resource, place))],
  ['TCPWRAP', (resource, place) => remember(resource, new SocketMade(resource, place))],
  ['PIPEWRAP', (resource, place) => remember(resource, new SocketMade(resource, place))],
  ['UDPWRAP', (resource, place) => new DatagramSocketMade(resource, place)],
  ['HTTP2SESSION', (resource, place) => new Http2SessionMade(resource, place, (handle) => places.get(handle))],
  ['PROCESSWRAP', (resource, place) => new ProcessMade(resource, place)],
  ['WORKER', (resource, place) => new WorkerMade(resource, place)],
  ['MESSAGEPORT', (resource, place) => new PortMade(resource, place)],
  ['FSEVENTWRAP', (resource, place) => new WatcherMade(resource, place)],
  ['STATWATCHER', (resource, place) => new WatcherMade(resource, place)],
  ['FSREQCALLBACK', request],
  ['FSREQPROMISE', (resource, place) => new RequestMade(resource, true, place)],
  ['GETADDRINFOREQWRAP', request],
  ['GETNAMEINFOREQWRAP', request],
  ['QUERYWRAP', request],
  ...['PBKDF2REQUEST', 'SCRYPTREQUEST', 'RANDOMBYTESREQUEST', 'RANDOMPRIMEREQUEST', 'CHECKPRIMEREQUEST'].map(work),
  ...['KEYPAIRGENREQUEST', 'KEYGENREQUEST', 'KEYEXPORTREQUEST', 'HASHREQUEST', 'SIGNREQUEST'].map(work),
  ...['CIPHERREQUEST', 'DERIVEBITSREQUEST', 'VERIFYREQUEST', 'HKDFREQUEST', 'ARGON2REQUEST'].map(work),
]);

/** Frames between a timer and the code that made it: few. Between a socket and `http.get` or a WebSocket there are many. */
const TIMER_FRAMES = 12;
const HANDLE_FRAMES = 64;

let hook: AsyncHook | undefined;
let currentMaker: () => Maker | undefined = () => undefined;
let originals: Originals | undefined;
/** Of things in whose callbacks others are made. */
let places = new WeakMap<object, Place>();
let servers = new WeakMap<object, Made>();

/** What a test has put in the place of built-in functions. */
export interface Originals {
  /** Puts that out of the way. Returns whether there was any. */
  setAside(hasFailed: boolean): boolean;
  /** Puts it back. */
  giveBack(): void;
}

/** Begins to watch. @param maker - Whose context it is. */
export function beginResourceWatch(maker: () => Maker | undefined, { setAside, giveBack }: Originals): void {
  currentMaker = maker;
  originals = { setAside, giveBack };
  hook = createHook({ init, trackPromises: false } as Parameters<typeof createHook>[0]).enable();
  subscribe('net.server.socket', accepted);
  process.on('worker', workerMade);
}

/** Ends what `beginResourceWatch` began. */
export function endResourceWatch(): void {
  hook?.disable();
  unsubscribe('net.server.socket', accepted);
  process.off('worker', workerMade);
  places = new WeakMap();
  servers = new WeakMap();
  endPortWatch();
}

/** Called by Node, in the middle of whatever code. What it throws would be the end of the process. */
function init(id: number, type: string, trigger: number, resource: object): void {
  try {
    note(type, trigger, resource);
  } catch (error) {
    if (originals?.setAside(true) !== true) throw error;
    init(id, type, trigger, resource);
    originals.giveBack();
  }
}

function note(type: string, trigger: number, resource: object): void {
  if (type === 'PROMISE' || type === 'TickObject' || own.making) return;
  if (type === 'Timeout' || type === 'Immediate') {
    const maker = currentMaker();
    if (maker === undefined) return;
    if (type === 'Timeout') book(maker, new TimerMade(resource, capturePlace(TIMER_FRAMES, init)));
    else {
      const place = keepsPlaceOfImmediate(maker) ? capturePlace(TIMER_FRAMES, init) : UNKNOWN_PLACE;
      book(maker, new ImmediateMade(resource, place));
    }
    return;
  }
  const make = MAKERS.get(type);
  if (make === undefined && type !== 'PIPECONNECTWRAP') return;
  const maker = currentMaker();
  if (maker === undefined) return;
  if (make === undefined) {
    socketOf(maker, trigger)?.connectsBy(resource);
    return;
  }
  const place = capturePlace(HANDLE_FRAMES, init, currentFetch() ?? places.get(executionAsyncResource()));
  places.set(resource, place);
  const made = make(resource, place);
  if (made instanceof SocketMade) use(resource, maker);
  else if (made instanceof ServerMade || made instanceof DatagramSocketMade) notePortHolder(resource, made, maker);
  book(maker, made);
}

/** Is called in the context of whoever had the server listen; the socket's handle was made in none. */
function accepted(message: unknown): void {
  const maker = currentMaker();
  if (maker === undefined) return;
  const { socket } = message as {
    readonly socket: { readonly _handle?: object | null; readonly server?: { readonly _handle?: object | null } };
  };
  const { _handle: handle, server } = socket;
  if (handle === undefined || handle === null) return;
  const listener = server?._handle;
  const made = listener === undefined || listener === null ? undefined : servers.get(listener);
  if (made !== undefined) book(maker, new SocketMade(handle, made.place, made));
}

function socketOf({ made }: Maker, asyncId: number): SocketMade | undefined {
  return made?.findLast((thing): thing is SocketMade => thing instanceof SocketMade && thing.asyncId === asyncId);
}

/** A server's handle may be made as that of a socket: it is one once it listens. */
function remember(resource: object, made: Made): Made {
  servers.set(resource, made);
  return made;
}

function request(resource: object, place: Place): Made {
  return new RequestMade(resource, false, place);
}

function work(type: string): [string, Make] {
  return [type, request];
}
