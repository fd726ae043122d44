import type { SourceMaps } from './source_maps.js';
import type { Unit } from './units.js';

/** What `import` threw, in the user's terms: no path of the cache in its message, the place of a syntax error in front. */
export function explain(error: unknown, unit: Unit, maps: SourceMaps): unknown {
  if (!(error instanceof Error)) return error;
  if (unit.syntaxError !== undefined && error.name === 'SyntaxError') return unit.syntaxError;
  const message = maps.mapText(error.message);
  if (message !== error.message) {
    const { stack } = error;
    Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
    if (stack !== undefined) error.stack = maps.mapText(stack);
  }
  return error;
}
