/** Runs the scripts that the build makes of the runner's modules, with the compiled code that an earlier run has kept. */

const fs = process.getBuiltinModule('node:fs');
const { dirname, join } = process.getBuiltinModule('node:path');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const { Script } = process.getBuiltinModule('node:vm');

/** Compiled code that is to be kept, and the name of the file for it. */
export interface CompiledCode {
  readonly name: string;
  readonly data: Uint8Array;
}

declare global {
  interface ImportMeta {
    /** Of a module that was made a script: gives the code of the scripts of which none was kept, or none that this Node takes. */
    readonly newCode?: () => readonly CompiledCode[];
  }
}

type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;
type Compiled = (meta: object, load: Import, modules: readonly object[]) => object;

/** Compiled in this process. */
const compiled: { readonly name: string; readonly head: string; readonly script: InstanceType<typeof Script> }[] = [];

/**
 * Runs the script that lies beside a module.
 *
 * @param name - Of the code in the cache.
 * @param hash - Of the script, 16 characters: code of another one is not taken.
 * @param meta - The module's `import.meta`.
 * @param load - The module's `import()`.
 * @param modules - What the module imports, in the order in which the script expects it.
 * @returns What the module exports.
 */
export function runScript(
  name: string,
  hash: string,
  meta: ImportMeta,
  load: Import,
  modules: readonly object[],
): object {
  const file = fileURLToPath(meta.url).replace(/\.js$/, '.script.js');
  // In plain ASCII: that takes half the memory.
  const text = fs.readFileSync(file, 'latin1');
  const fullName = `${name}-${process.version}-${process.arch}.code`;
  // The places in its stacks come with the code: of a folder that was moved or copied they would be the old ones.
  const head = `${hash} ${meta.url}\n`;
  const cachedData = readCode(dirname(file), fullName, head);
  const script = new Script(text, { filename: meta.url, ...(cachedData === undefined ? undefined : { cachedData }) });
  // Other V8 flags than those of the run that has kept it: then it is of no use.
  if (cachedData === undefined || script.cachedDataRejected === true) compiled.push({ name: fullName, head, script });
  Object.assign(meta, { newCode });
  return (script.runInThisContext() as Compiled)(meta, load, modules);
}

/** From the folder that the runner keeps compiled text of its own folder in. */
function readCode(folder: string, name: string, head: string): Uint8Array | undefined {
  // What is measured of code that comes from a cache is less exact.
  if (process.env.NODE_V8_COVERAGE) return undefined;
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    try {
      const data = fs.readFileSync(join(at, 'node_modules', '.cache', 'txtrial', name));
      return data.toString('latin1', 0, head.length) === head ? data.subarray(head.length) : undefined;
    } catch {
      // It is a cache: what is not there, or cannot be read, is made anew.
    }
  }
  return undefined;
}

function newCode(): readonly CompiledCode[] {
  return compiled.splice(0).map(({ name, head, script }) => ({
    name,
    data: Buffer.concat([Buffer.from(head, 'latin1'), script.createCachedData()]),
  }));
}
