import { join } from 'node:path';
import type { PathPattern, Settings } from './settings.js';

/** Where tsconfig.json says that a bare specifier may be: absolute paths, the best first. */
export function candidatesFor(specifier: string, settings: Settings): string[] {
  const pattern = bestPattern(specifier, settings.paths);
  const candidates: string[] = [];
  if (pattern !== undefined) {
    const end = specifier.length - (pattern.suffix?.length ?? 0);
    const star = specifier.slice(pattern.prefix.length, end);
    for (const target of pattern.targets) candidates.push(target.replace('*', () => star));
  }
  if (settings.baseUrl !== undefined) candidates.push(join(settings.baseUrl, specifier));
  return candidates;
}

/** As TypeScript: one without a star, else the one with the longest text before it. */
function bestPattern(specifier: string, patterns: readonly PathPattern[]): PathPattern | undefined {
  let best: PathPattern | undefined;
  for (const pattern of patterns) {
    if (pattern.suffix === undefined) {
      if (pattern.prefix === specifier) return pattern;
    } else if (
      specifier.length >= pattern.prefix.length + pattern.suffix.length &&
      specifier.startsWith(pattern.prefix) &&
      specifier.endsWith(pattern.suffix) &&
      (best === undefined || pattern.prefix.length > best.prefix.length)
    ) {
      best = pattern;
    }
  }
  return best;
}
