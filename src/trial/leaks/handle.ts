/** Node's handles, as far as they can be asked; what is undocumented of them is in this file. */

/** What Node's JavaScript makes its objects of: sockets, servers, processes, watchers. */
export interface Handle {
  getAsyncId?(): number;
  hasRef?(): boolean | undefined;
  ref?(): void;
  unref?(): void;
  close?(): void;
}

/** Whether a handle is open, also one that does not keep the process alive. */
export function isOpen(handle: Handle): boolean {
  if (handle.hasRef?.() === true) return true;
  // Only an open handle can be made to keep the process alive.
  handle.ref?.();
  const open = handle.hasRef?.() === true;
  if (open) handle.unref?.();
  return open;
}

/** Whether Node has let go of what a resource stands for, also where that never began and nobody is told. */
export function isGone(resource: Handle): boolean {
  return resource.getAsyncId?.() === -1;
}

let ownerSymbol: symbol | undefined;

/** The object of the public API that a handle belongs to. */
export function ownerOf<T extends object>(handle: object): T | undefined {
  ownerSymbol ??= Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  return ownerSymbol === undefined ? undefined : ((Reflect.get(handle, ownerSymbol) as T | null) ?? undefined);
}

/** The handle of the socket that an HTTP/2 session is over. */
export function socketHandleOf(session: object): object | undefined {
  const symbol = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'socket');
  const socket: unknown = symbol === undefined ? undefined : Reflect.get(session, symbol);
  const handle: unknown = typeof socket === 'object' && socket !== null ? Reflect.get(socket, '_handle') : undefined;
  return typeof handle === 'object' && handle !== null ? handle : undefined;
}

/**
 * Has `over` called when Node tells a resource that it is over, by reading the function of this name off it.
 *
 * @param name - `onexit` of processes and threads, `ondone` and `oncomplete` of work in the thread pool.
 * @returns Says whether anybody wants to be told.
 */
export function whenTold(resource: object, name: 'onexit' | 'ondone' | 'oncomplete', over: () => void): () => boolean {
  // Some are complete before Node tells of them.
  let f: unknown = Reflect.get(resource, name);
  Object.defineProperty(resource, name, {
    configurable: true,
    enumerable: true,
    get() {
      // Node's JavaScript only ever sets it.
      over();
      return f;
    },
    set(value: unknown) {
      f = value;
    },
  });
  return () => typeof f === 'function';
}

/** The handle of a socket of node:net or, below it, of node:tls; undefined when it is closed. */
export function transportOf(socket: object): object | undefined {
  const { _handle: handle } = socket as { readonly _handle?: { readonly _parent?: object } | null };
  return handle?._parent ?? handle ?? undefined;
}

/** The promise of a request that Node makes one for. */
export function promiseOf(request: object): unknown {
  return Reflect.get(request, 'promise');
}

/** Has `given` called with what a resource answers at once when it is run: of Node 24 and later a promise, it may be. */
export function whenRun(resource: object, given: (answer: unknown) => void): void {
  const run: unknown = Reflect.get(resource, 'run');
  if (typeof run !== 'function') return;
  const value = (...args: unknown[]): unknown => {
    const answer: unknown = Reflect.apply(run, resource, args);
    given(answer);
    return answer;
  };
  Object.defineProperty(resource, 'run', { value, configurable: true, writable: true });
}

/** Whether something is a promise that nobody has kept or broken. */
export function isPending(promise: unknown): boolean {
  if (!(promise instanceof Promise)) return false;
  const { inspect } = process.getBuiltinModule('node:util');
  const text = inspect(promise, { depth: 0, customInspect: false, maxArrayLength: 0 });
  return /^Promise \{\s+<pending>/.test(text);
}

/** Whether a stream waits for a piece of what it reads, or will when its file is open. */
export function isReading(stream: object): boolean {
  const {
    readableFlowing,
    pending,
    _readableState: state,
  } = stream as {
    readonly readableFlowing?: boolean | null;
    readonly pending?: boolean;
    readonly _readableState?: { readonly reading?: boolean };
  };
  // One whose listener has thrown flows, and reads no more.
  return state?.reading === true || (readableFlowing === true && pending === true);
}

/** Has `started` called with the file when Node has a watcher begin. */
export function whenStarted(watcher: object, started: (file: string) => void): void {
  const start: unknown = Reflect.get(watcher, 'start');
  if (typeof start !== 'function') return;
  Object.defineProperty(watcher, 'start', {
    configurable: true,
    value: (...args: unknown[]): unknown => {
      if (typeof args[0] === 'string') started(args[0]);
      return Reflect.apply(start, watcher, args);
    },
  });
}

/** Whether Node is closing a FileHandle, whoever's. */
export function isAnyFileClosing(): boolean {
  return process.getActiveResourcesInfo().includes('CloseReq');
}
