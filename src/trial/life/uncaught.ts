/**
 * Does with an error what Node does with one that nobody has caught: tells of it, and takes the callbacks that are under way
 * for ended.
 *
 * @returns Whether there was somebody to tell.
 */
export function tellUncaught(error: unknown): boolean {
  // By this name Node itself finds it; it is not documented.
  const caught: unknown = Reflect.get(process, '_fatalException');
  return typeof caught === 'function' && Reflect.apply(caught, process, [error]) === true;
}
