import type { Made } from './made.js';

/** The name by which a left-over thing is allowed: its kind, or a package that made it; undefined if it is not. */
export function allowedBy(made: Made, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  if (names.includes(made.kind)) return made.kind;
  return made.place.packages.find((name) => names.includes(name));
}
