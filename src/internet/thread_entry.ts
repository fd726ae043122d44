/** What runs in a thread of the pool: takes one piece of work after the other and says how each ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FromThread, packError, type SentFunction, type Work } from './thread_message.js';

/** Where a module that is imported first may leave a function that imports a URL, instead of Node's. */
const THREAD_IMPORT = Symbol.for('txtrial.threadImport');

// Modules that have to be there first, what makes TypeScript importable for one.
const ready = loadAll((workerData as { readonly preload: readonly string[] }).preload);

parentPort?.on('message', (message: Work) => {
  void perform(message).then(answer);
});

async function loadAll(modules: readonly string[]): Promise<void> {
  for (const module of modules) await import(module);
}

async function perform({ work, args }: Work): Promise<FromThread> {
  try {
    await ready;
    const f = await find(work);
    return { type: 'result', value: await f(...args) };
  } catch (error) {
    return { type: 'error', error: packError('source' in work ? explained(error) : error) };
  }
}

function answer(message: FromThread): void {
  try {
    parentPort?.postMessage(message);
  } catch (error) {
    // The result cannot be cloned, or one of the fields of the error in it.
    parentPort?.postMessage({ type: 'error', error: packError(error) } satisfies FromThread);
  }
}

async function find(work: SentFunction): Promise<(...args: readonly unknown[]) => unknown> {
  const f: unknown = 'source' in work ? compile(work.source, work.label) : (await importModule(work.module))[work.name];
  if (typeof f === 'function') return f as () => unknown;
  const what = 'source' in work ? work.label : `${work.name} of ${work.module}`;
  throw new TypeError(`Cannot call ${what} in a thread: it is no function there.`);
}

/** As a module that was imported first says, else as Node does. */
function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  const own: unknown = Reflect.get(globalThis, THREAD_IMPORT);
  return typeof own === 'function' ? own(url) : import(url);
}

/** A function from its source: an expression, or else a method. */
function compile(source: string, label: string): unknown {
  try {
    return evaluate(`(${source})`, label);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  try {
    return Object.values(evaluate(`({${source}})`, label) as object)[0];
  } catch (error) {
    throw new TypeError(
      `Cannot send ${label} to a thread: its source is not that of a function. Native and bound functions have none; write a function around it, or pass { module, name }.`,
      { cause: error },
    );
  }
}

/** By an indirect eval: node:vm cannot do a dynamic `import()` without a flag or a warning. */
function evaluate(text: string, label: string): unknown {
  const name = label.replace(/\W+/g, '_');
  // biome-ignore lint/security/noGlobalEval: running the source that this program sent is what this file is for.
  return globalThis.eval(`${text}\n//# sourceURL=sent-to-thread:${name}`);
}

/** What to do when a function uses a variable that did not come with it. */
function explained(error: unknown): unknown {
  const name = error instanceof ReferenceError ? /^(\S+) is not defined$/.exec(error.message)?.[1] : undefined;
  if (name !== undefined && error instanceof ReferenceError) {
    error.message += `. A function sent to a thread sees no variables around it: pass ${name} as an argument, or send { module, name }.`;
  }
  return error;
}
