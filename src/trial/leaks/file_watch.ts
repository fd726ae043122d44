/** Sees files being opened and closed: descriptors, FileHandles, streams and folders. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { handOnToNode } from '../../internet/hand_on.js';
import { type Method, replace, standIn } from '../../internet/stand_in.js';
import { closedFolders, DescriptorMade, FileMade, FolderMade, type OpenFile, open } from './file_made.js';
import { letGo } from './held_descriptor.js';
import { book, type Maker } from './made.js';
import { capturePlace, type Place } from './place.js';

type StreamClass = new (...args: unknown[]) => OpenFile;

let currentMaker: () => Maker | undefined = () => undefined;
let undo: (() => void)[] = [];

/** Begins to watch. @param maker - Whose context it is. */
export function beginFileWatch(maker: () => Maker | undefined): void {
  currentMaker = maker;
  undo = [
    standIn(fs, 'openSync', watchOpenSync),
    standIn(fs, 'open', watchOpen),
    standIn(fs, 'closeSync', watchClose),
    standIn(fs, 'close', watchClose),
    standIn(fs.promises, 'open', watchPromisedOpen),
    // createReadStream and createWriteStream make these as well.
    replace(fs, 'ReadStream', watchStream),
    replace(fs, 'WriteStream', watchStream),
    standIn(fs, 'opendirSync', watchOpenFolderSync),
    standIn(fs, 'opendir', watchOpenFolder),
    standIn(fs.promises, 'opendir', watchPromisedOpenFolder),
    standIn(fs.Dir.prototype, 'close', watchCloseFolder),
    standIn(fs.Dir.prototype, 'closeSync', watchCloseFolder),
  ];
  syncBuiltinESMExports();
}

/** Ends what `beginFileWatch` began. */
export function endFileWatch(): void {
  for (const back of undo) back();
  undo = [];
  open.clear();
  syncBuiltinESMExports();
}

function watchOpenSync(openSync: Method): Method {
  return function openSyncWatched(this: unknown, ...args) {
    const fd = Reflect.apply(openSync, this, args);
    const maker = currentMaker();
    if (maker !== undefined) noteDescriptor(maker, args[0], openSyncWatched)?.opened(fd);
    return fd;
  };
}

function watchOpen(original: Method): Method {
  return function openWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const callback = args.at(-1);
    const made =
      maker === undefined || typeof callback !== 'function' ? undefined : noteDescriptor(maker, args[0], openWatched);
    // What reads or writes a whole file asks for a descriptor in this way.
    if (made === undefined) return handOnToNode(original, this, args);
    return Reflect.apply(original, this, [
      ...args.slice(0, -1),
      function opened(this: unknown, error: unknown, fd: unknown) {
        made.opened(fd);
        return Reflect.apply(callback as Method, this, [error, fd]);
      },
    ]);
  };
}

/** Node opens files for itself as well, through the same functions; it closes them, or the stream that it does it for is known. */
function noteDescriptor(maker: Maker, path: unknown, above: Method): DescriptorMade | undefined {
  const place = capturePlace(6, above);
  if (!place.isDirect) return undefined;
  const made = new DescriptorMade(path, place);
  book(maker, made);
  return made;
}

function watchClose(close: Method): Method {
  return function closeWatched(this: unknown, ...args) {
    const [fd] = args;
    if (typeof fd === 'number') {
      open.get(fd)?.closed();
      open.delete(fd);
      letGo(fd);
    }
    return handOnToNode(close, this, args);
  };
}

function watchStream(stream: StreamClass): StreamClass {
  return new Proxy(stream, {
    construct: function construct(target, args: unknown[], made) {
      const file = Reflect.construct(target, args, made) as OpenFile;
      noteStream(file, args, construct);
      return file;
    },
    apply: function apply(target, self, args: unknown[]) {
      const file = Reflect.apply(target as unknown as Method, self, args) as OpenFile | undefined;
      noteStream(file ?? (self as OpenFile), args, apply);
      return file;
    },
  });
}

function noteStream(file: OpenFile, [path, options]: readonly unknown[], above: Method): void {
  const maker = currentMaker();
  if (maker === undefined) return;
  const given: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'fd') : undefined;
  // Whoever opened it keeps it; one over stdin, stdout or stderr is the process's, and the run's.
  if (typeof given === 'number' && (file.autoClose === false || given <= 2)) return;
  const made = new FileMade(file, path, capturePlace(8, above));
  const descriptor = typeof given === 'number' ? open.get(given) : undefined;
  if (descriptor !== undefined) descriptor.handedTo(made);
  else if (typeof given === 'object' && given !== null) handles.get(given)?.handedTo(made);
  else book(maker, made);
}

/** FileHandles that tests have opened. */
const handles = new WeakMap<object, FileMade>();

function watchPromisedOpen(original: Method): Method {
  return async function openWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const place = maker === undefined ? undefined : capturePlace(8, openWatched);
    const handle = (await Reflect.apply(original, this, args)) as OpenFile;
    if (maker === undefined || place === undefined) return handle;
    const made = new FileMade(handle, args[0], place);
    handles.set(handle, made);
    watchHandle(handle, made, place, args[0]);
    book(maker, made);
    return handle;
  };
}

/** Closing it waits for the streams over it, and these close it. */
function watchHandle(handle: object, made: FileMade, place: Place, path: unknown): void {
  standIn(handle, 'close', (close) => () => {
    made.askedToClose();
    return Reflect.apply(close, handle, []);
  });
  for (const name of ['createReadStream', 'createWriteStream']) {
    const create = Reflect.get(handle, name) as Method;
    const value = (...args: unknown[]): unknown => {
      const stream = Reflect.apply(create, handle, args) as OpenFile;
      if (stream.autoClose !== false) made.handedTo(new FileMade(stream, path, place));
      return stream;
    };
    Object.defineProperty(handle, name, { value, configurable: true, writable: true });
  }
}

function watchOpenFolderSync(openFolder: Method): Method {
  return function opendirSyncWatched(this: unknown, ...args) {
    const folder = Reflect.apply(openFolder, this, args) as fs.Dir;
    const maker = currentMaker();
    if (maker !== undefined) book(maker, new FolderMade(folder, capturePlace(8, opendirSyncWatched)));
    return folder;
  };
}

function watchOpenFolder(openFolder: Method): Method {
  return function opendirWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const callback = args.at(-1);
    if (maker === undefined || typeof callback !== 'function') return Reflect.apply(openFolder, this, args);
    const place = capturePlace(8, opendirWatched);
    return Reflect.apply(openFolder, this, [
      ...args.slice(0, -1),
      function opened(this: unknown, error: unknown, folder: fs.Dir | undefined) {
        if (folder !== undefined) book(maker, new FolderMade(folder, place));
        return Reflect.apply(callback as Method, this, [error, folder]);
      },
    ]);
  };
}

function watchPromisedOpenFolder(openFolder: Method): Method {
  return async function opendirWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const place = maker === undefined ? undefined : capturePlace(8, opendirWatched);
    const folder = (await Reflect.apply(openFolder, this, args)) as fs.Dir;
    if (maker !== undefined && place !== undefined) book(maker, new FolderMade(folder, place));
    return folder;
  };
}

function watchCloseFolder(close: Method): Method {
  return function closeWatched(this: object, ...args) {
    closedFolders.add(this);
    return Reflect.apply(close, this, args);
  };
}
