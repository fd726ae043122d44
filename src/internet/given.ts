/** Options that were given: without those that are undefined, so that the others have their defaults. */
export function given<O extends object>(options: O): { [K in keyof O]?: Exclude<O[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof O]?: Exclude<O[K], undefined> };
}
