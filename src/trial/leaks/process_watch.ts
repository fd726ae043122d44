/** Sees what is changed of the process: its listeners, its environment, its working directory. */
import { syncBuiltinESMExports } from 'node:module';
import { type Method, standIn } from '../../internet/stand_in.js';
import { book, type LeakKind, type Made, type Maker, type State } from './made.js';
import { capturePlace, type Place } from './place.js';

// Taken before any test can replace it.
const { process } = globalThis;

let currentMaker: () => Maker | undefined = () => undefined;
let undo: (() => void)[] = [];
/** Listeners that no test has added. */
const known = new WeakSet<object>();
/** What each maker was the first to change, by the variable's name. */
let changed = new WeakMap<Maker, Set<PropertyKey>>();

/** Begins to watch. @param maker - Whose context it is; of modules nothing is kept. */
export function beginProcessWatch(maker: () => Maker | undefined): void {
  currentMaker = maker;
  watchEnvironment();
  watchDirectory();
  watchCapture();
  for (const name of process.eventNames()) for (const f of process.listeners(name as 'exit')) known.add(f);
  process.on('newListener', listenerAdded);
  syncBuiltinESMExports();
}

/** Ends what `beginProcessWatch` began. */
export function endProcessWatch(): void {
  for (const back of undo) back();
  undo = [];
  changed = new WeakMap();
  process.off('newListener', listenerAdded);
  syncBuiltinESMExports();
}

class ListenerMade implements Made {
  readonly kind: LeakKind;
  readonly place: Place;
  readonly #event: string | symbol;
  readonly #listener: (...args: unknown[]) => void;

  constructor(event: string | symbol, listener: (...args: unknown[]) => void, place: Place) {
    this.kind = typeof event === 'string' && /^SIG[A-Z0-9]+$/.test(event) ? 'signal' : 'listener';
    this.#event = event;
    this.#listener = listener;
    this.place = place;
  }

  state(): State {
    return process.listeners(this.#event as 'exit').includes(this.#listener) ? 'left' : 'gone';
  }

  describe(): string {
    return `process.on('${String(this.#event)}')`;
  }

  close(): void {
    process.off(this.#event, this.#listener);
  }
}

/** What gets every exception that nobody catches, and keeps it from those who count them. */
class CaptureMade implements Made {
  readonly kind = 'listener';
  readonly place: Place;
  readonly #set: Method;

  constructor(set: Method, place: Place) {
    this.#set = set;
    this.place = place;
  }

  state(): State {
    return process.hasUncaughtExceptionCaptureCallback() ? 'left' : 'gone';
  }

  describe(): string {
    return 'process.setUncaughtExceptionCaptureCallback()';
  }

  close(): void {
    Reflect.apply(this.#set, process, [null]);
  }
}

class VariableMade implements Made {
  readonly kind = 'env';
  readonly place: Place;
  readonly #name: string;
  readonly #old: string | undefined;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv, name: string, old: string | undefined, place: Place) {
    this.#environment = environment;
    this.#name = name;
    this.#old = old;
    this.place = place;
  }

  state(): State {
    return this.#environment[this.#name] === this.#old ? 'gone' : 'left';
  }

  describe(): string {
    const now = this.#environment[this.#name];
    if (now === undefined) return `${this.#name} was deleted`;
    return `${this.#name} was ${this.#old === undefined ? 'added' : 'set'}`;
  }

  close(): void {
    if (this.#old === undefined) delete this.#environment[this.#name];
    else this.#environment[this.#name] = this.#old;
  }
}

class EnvironmentMade implements Made {
  readonly kind = 'env';
  readonly place: Place;
  readonly #old: NodeJS.ProcessEnv;

  constructor(old: NodeJS.ProcessEnv, place: Place) {
    this.#old = old;
    this.place = place;
  }

  state(): State {
    return process.env === this.#old ? 'gone' : 'left';
  }

  describe(): string {
    return 'all of it was replaced';
  }

  close(): void {
    process.env = this.#old;
  }
}

class DirectoryMade implements Made {
  readonly kind = 'cwd';
  readonly place: Place;
  readonly #old: string;

  constructor(old: string, place: Place) {
    this.#old = old;
    this.place = place;
  }

  state(): State {
    return workingDirectory() === this.#old ? 'gone' : 'left';
  }

  describe(): string {
    return `it was ${this.#old}, and is ${workingDirectory()}`;
  }

  close(): void {
    process.chdir(this.#old);
  }
}

function listenerAdded(event: string | symbol, listener: (...args: unknown[]) => void): void {
  const maker = currentMaker();
  if (maker === undefined) known.add(listener);
  // Whoever takes away what is there and puts it back has changed nothing.
  if (maker === undefined || known.has(listener)) return;
  const place = capturePlace(12, listenerAdded);
  if (place.isDirect) book(maker, new ListenerMade(event, listener, place));
}

function watchCapture(): void {
  undo.push(
    standIn(process, 'setUncaughtExceptionCaptureCallback', (set) => {
      return function setCaptureWatched(callback: unknown): void {
        Reflect.apply(set, process, [callback]);
        const maker = callback === null ? undefined : currentMaker();
        if (maker !== undefined) book(maker, new CaptureMade(set, capturePlace(6, setCaptureWatched)));
      };
    }),
  );
}

function watchEnvironment(): void {
  const environment = process.env;
  let current = watchVariables(environment);
  const descriptor = Object.getOwnPropertyDescriptor(process, 'env');
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: function set(value: NodeJS.ProcessEnv) {
      const maker = makerOfFirst(REPLACED);
      if (maker !== undefined) book(maker, new EnvironmentMade(current, capturePlace(6, set)));
      current = value;
    },
  });
  const watched = current;
  const back = standIn(process, 'loadEnvFile', watchEnvironmentFile);
  undo.push(() => {
    back();
    if (descriptor !== undefined) Object.defineProperty(process, 'env', descriptor);
    // One that was put in its place, and not taken back, stays.
    if (current !== watched) process.env = current;
  });
}

/** Stands for the whole among the variables. */
const REPLACED = Symbol('process.env');

/** The maker, if it is its first change of this variable. */
function makerOfFirst(name: PropertyKey): Maker | undefined {
  const maker = currentMaker();
  if (maker === undefined) return undefined;
  let names = changed.get(maker);
  if (names === undefined) {
    names = new Set();
    changed.set(maker, names);
  }
  if (names.has(name)) return undefined;
  names.add(name);
  return maker;
}

function watchVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const note = (name: PropertyKey, above: Method): void => {
    const maker = typeof name === 'string' ? makerOfFirst(name) : undefined;
    if (maker === undefined || typeof name !== 'string') return;
    book(maker, new VariableMade(environment, name, environment[name], capturePlace(6, above)));
  };
  return new Proxy(environment, {
    set: function set(target, name, value) {
      note(name, set);
      return Reflect.set(target, name, value);
    },
    deleteProperty: function deleteProperty(target, name) {
      note(name, deleteProperty);
      return Reflect.deleteProperty(target, name);
    },
    defineProperty: function defineProperty(target, name, descriptor) {
      note(name, defineProperty);
      return Reflect.defineProperty(target, name, descriptor);
    },
  });
}

/** Node sets the variables of a file without the Proxy. It sets none that is there. */
function watchEnvironmentFile(loadEnvFile: Method): Method {
  return function loadEnvFileWatched(this: unknown, ...args) {
    if (currentMaker() === undefined) return Reflect.apply(loadEnvFile, this, args);
    const { env } = process;
    const old = new Set(Object.keys(env));
    const result = Reflect.apply(loadEnvFile, this, args);
    const place = capturePlace(6, loadEnvFileWatched);
    for (const name of Object.keys(env)) {
      const maker = old.has(name) ? undefined : makerOfFirst(name);
      if (maker !== undefined) book(maker, new VariableMade(env, name, undefined, place));
    }
    return result;
  };
}

function watchDirectory(): void {
  undo.push(
    standIn(process, 'chdir', (chdir) => {
      return function chdirWatched(directory: string): void {
        const maker = currentMaker();
        const old = maker === undefined ? undefined : workingDirectory();
        chdir.call(process, directory);
        if (maker === undefined || old === undefined || maker.made?.some(({ kind }) => kind === 'cwd')) return;
        book(maker, new DirectoryMade(old, capturePlace(6, chdirWatched)));
      };
    }),
  );
}

function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was removed.
    return undefined;
  }
}
