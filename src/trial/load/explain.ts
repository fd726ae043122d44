import { fs } from './node_fs.js';
import type { SourceMaps } from './source_maps.js';
import { hasPlace, syntaxErrorAt } from './syntax_error.js';

/**
 * What `import` threw, in the user's terms: no path of the cache in its message, and a syntax error says where it is.
 *
 * @param locate - Finds the text that Node does not understand, when its error does not say: gives a stack that does.
 */
export function explain(error: unknown, maps: SourceMaps, locate: () => string | undefined): unknown {
  try {
    return error instanceof Error ? explained(error, maps, locate) : error;
  } catch {
    // An error of the user's own making may not let itself be looked at: it is told of as it is.
    return error;
  }
}

function explained(error: Error, maps: SourceMaps, locate: () => string | undefined): Error {
  if (error.name === 'SyntaxError' && !hasPlace(error)) {
    const placed = withPlace(error.stack, maps) ?? withPlace(ifFromParser(error) ? locate() : undefined, maps);
    if (placed !== undefined) return placed;
  }
  const old = error.message;
  const message = maps.mapText(withImporter(error));
  if (message !== old) {
    const { stack } = error;
    Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
    if (stack !== undefined) error.stack = maps.mapText(stack.replace(old, () => message));
  }
  return error;
}

/** `require` lists all that led to the module that is missing, `import` names the one that wants it: that is enough. */
function withImporter(error: Error): string {
  const { code, requireStack } = error as { code?: unknown; requireStack?: unknown };
  if (code !== 'MODULE_NOT_FOUND' || !Array.isArray(requireStack)) return error.message;
  return error.message.replace(/\nRequire stack:[\s\S]*/, ` imported from ${requireStack[0]}`);
}

/** Not one that the module itself threw, as JSON.parse does. */
function ifFromParser({ stack = '' }: Error): boolean {
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  return frame === '' || /\(node:internal\/(?:modules|vm)/.test(frame);
}

/** Node puts the place of a syntax error in front of its stack: `file:line`, the line, a mark under the column, the error. */
const PLACED = /^(\S.*):(\d+)\n(.*)\n(\s*)\^+\s*\n+SyntaxError: (.*)/;

function withPlace(stack: string | undefined, maps: SourceMaps): SyntaxError | undefined {
  const found = stack === undefined ? null : PLACED.exec(stack);
  if (found === null) return undefined;
  const [, file = '', line, , before = '', what = ''] = found;
  const { file: source, ...position } = maps.mapPosition({
    file: maps.pathOf(file),
    line: Number(line),
    column: before.length + 1,
  });
  return syntaxErrorAt({ file: source, ...position, excerpt: lineOf(source, position.line) }, maps.mapText(what));
}

function lineOf(file: string, line: number): string {
  try {
    return fs.readFileSync(file, 'utf8').split('\n', line)[line - 1] ?? '';
  } catch {
    // The file is gone: its place is still right.
    return '';
  }
}
