import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { init, parse } from 'es-module-lexer';

/**
 * Makes scripts of modules: what Node has compiled of a script can be kept from run to run, of a module not before Node 22, and
 * compiling is half of the time that trial itself needs to start. In the place of each module comes one that runs the script by
 * `runScript` of src/trial/code_cache.ts and exports what it gives.
 *
 * @param files - Those that others of them import come first.
 */
export async function makeScripts(files) {
  await init;
  /** The text of each module that was read, by file. */
  const modules = new Map();
  const textOf = (file) => {
    if (!modules.has(file)) modules.set(file, readFileSync(file, 'utf8'));
    return modules.get(file);
  };
  for (const file of files) {
    const { script, imported, exported } = scriptOf(textOf(file), (path) => textOf(join(dirname(file), path)));
    // Says what is wrong with it now, if anything is.
    new Script(script, { filename: file });
    writeFileSync(file.replace(/\.js$/, '.script.js'), script);
    const name = basename(file, '.js').replace(/-[^-]*$/, '');
    const hash = createHash('sha1').update(script).digest('hex').slice(0, 16);
    const lines = [
      "import { runScript } from '../src/trial/code_cache.js';",
      ...imported.map((path, i) => `import * as _${i} from '${path}';`),
      'const load = (specifier, options) => import(specifier, options);',
      `const all = runScript('${name}', '${hash}', import.meta, load, [${imported.map((_, i) => `_${i}`).join(', ')}]);`,
      `export const { ${exported.join(', ')} } = all;`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
}

function scriptOf(module, textOf) {
  const imported = [];
  const taken = [];
  /** From where to where the text is replaced, and by what. */
  const edits = [];
  const [imports, exports] = parse(module);
  for (const { type, specifier: path, importStart: from, importEnd: to, dynamicStart } of imports) {
    if (type === 'import-meta') edits.push([from, to, '$meta']);
    else if (type === 'dynamic') edits.push([from, dynamicStart, '$import']);
    else {
      if (!imported.includes(path)) imported.push(path);
      edits.push([from, to, '']);
      const names = usedNames(module.slice(from, to), module);
      for (const [name] of names) refuseChanging(name, path, textOf(path));
      const list = names.map(([name, local]) => `${name}: ${local}`).join(', ');
      if (list !== '') taken.push(`const { ${list} } = $modules[${imported.indexOf(path)}];`);
    }
  }
  if (exports.length > 0) {
    const from = exports[0].exportStart;
    const list = exports.map(({ name, localName }) => `${name}: ${localName}`).join(', ');
    edits.push([from, module.indexOf('}', from) + 1, `return { ${list} }`]);
  }
  let script = `(function ($meta, $import, $modules) { "use strict"; ${taken.join(' ')}`;
  let at = 0;
  for (const [from, to, text] of edits.sort(([a], [b]) => a - b)) {
    script += module.slice(at, from) + text;
    at = to;
  }
  script += `${module.slice(at)}})`;
  return { script, imported, exported: exports.map(({ name }) => name) };
}

/** The names that an import statement takes and that are used, each with what it is called here. */
function usedNames(statement, module) {
  const list = /^import \{([^}]*)\} from/.exec(statement)?.[1] ?? '';
  return pairs(list).filter(([, local]) => module.split(word(local)).length > 2);
}

/** A script has the value that an export of another module has when it starts: it must keep that one. */
function refuseChanging(name, path, module) {
  const local = parse(module)[1].find((exported) => exported.name === name)?.localName;
  if (local === undefined) throw new Error(`${path} exports no ${name}`);
  const before = '(?<![\\w$.#])';
  const assigned =
    module.match(
      new RegExp(`${before}${plain(local)}\\s*(?:\\+\\+|--|(?:[-+*/%&|^]|\\|\\||&&|\\?\\?)?=(?![=>]))`, 'g'),
    ) ?? [];
  const isInitial = new RegExp(`(?:\\b(?:var|let|const)\\s|,)\\s*${plain(local)}\\s*=`).test(module);
  if (assigned.length > (isInitial ? 1 : 0)) {
    throw new Error(`${local} of ${path} changes while the program runs: export a function that tells it`);
  }
}

/** `a, b as c` as pairs. */
function pairs(list) {
  const names = list.split(',').map((text) => text.trim().split(' as '));
  return names.filter(([name]) => name !== '').map(([name, other = name]) => [name, other]);
}

function word(name) {
  return new RegExp(`(?<![\\w$])${plain(name)}(?![\\w$])`);
}

function plain(name) {
  return name.replaceAll('$', '\\$');
}
