/**
 * A place where compiled text names another module or itself, with positions in that text:
 * - `static`: the specifier inside its quotes, and where `with { … }` after it ends; -1 without.
 * - `dynamic`: the whole argument of an `import('…')` of one literal.
 * - `computed`: the word `import` of an `import(expression)`.
 * - `meta`: the whole `import.meta`.
 */
export type Site =
  | readonly [kind: 'static', start: number, end: number, specifier: string, attributesEnd: number]
  | readonly [kind: 'dynamic', start: number, end: number, specifier: string, keyword: number]
  | readonly [kind: 'computed', start: number, end: number]
  | readonly [kind: 'meta', start: number, end: number];

type Lexer = typeof import('es-module-lexer');

let lexer: Lexer | undefined;

/** Finds them. Loads the lexer: only for texts that are new. */
export function findSites(text: string): Site[] {
  if (!text.includes('import') && !text.includes('export')) return [];
  // The build without WebAssembly: it needs no waiting, as a module that is required while others load must not wait.
  lexer ??= process.getBuiltinModule('node:module').createRequire(import.meta.url)('es-module-lexer/js') as Lexer;
  const sites: Site[] = [];
  for (const found of lexer.parse(text)[0]) {
    switch (found.type) {
      case 'static':
      case 'reexport-star':
        sites.push([
          'static',
          found.start,
          found.end,
          found.specifier,
          found.attributesStart < 0 ? -1 : found.importEnd,
        ]);
        break;
      case 'dynamic':
        if (found.specifier !== undefined && !found.glob) {
          sites.push(['dynamic', found.start, found.end, found.specifier, found.importStart]);
        } else {
          sites.push(['computed', found.importStart, found.importStart + 'import'.length]);
        }
        break;
      case 'import-meta':
        sites.push(['meta', found.start, found.end]);
    }
  }
  return sites.sort((a, b) => a[1] - b[1]);
}
