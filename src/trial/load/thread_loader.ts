/** Imported first by the threads of a pool in a test process: from then on they import TypeScript as the process does. */
import { fileURLToPath } from 'node:url';
import { Loader } from './load.js';

const loader = new Loader({ cwd: process.cwd() });
loader.start();

/** Node 20 cannot import a TypeScript file by its own URL. */
async function importUrl(url: string): Promise<Readonly<Record<string, unknown>>> {
  if (!url.startsWith('file:')) return import(url);
  return (await loader.load(fileURLToPath(url))).exports;
}

Object.defineProperty(globalThis, Symbol.for('txtrial.threadImport'), { value: importUrl, configurable: true });
