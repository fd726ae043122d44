/** What every thread of a pool imports before it takes work. */
let modules: readonly string[] = [];

/**
 * Says which modules every thread made from now on imports first: under trial, what makes TypeScript importable there.
 *
 * @internal
 */
export function setThreadPreload(urls: readonly string[]): void {
  modules = urls;
}

/** @internal */
export function threadPreload(): readonly string[] {
  return modules;
}
