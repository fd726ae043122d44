/** What undoes a patch. */
export interface Patch {
  /** Gives the property back what it had; a second call does nothing. */
  restore(): void;
}

/**
 * Puts a value in place of a property's.
 *
 * @throws TypeError if the property cannot be changed, as those of an imported module cannot.
 */
export function patchProperty(object: object, key: PropertyKey, value: unknown): Patch {
  const own = Object.getOwnPropertyDescriptor(object, key);
  if (own === undefined && !Object.isExtensible(object)) throw notPatchable(key);
  if (own !== undefined && !own.configurable && !own.writable) throw notPatchable(key);
  set(object, key, value, own);
  let patched = true;
  return {
    restore() {
      if (!patched) return;
      patched = false;
      if (own === undefined) Reflect.deleteProperty(object, key);
      else if ('value' in own) set(object, key, own.value, own);
      else Object.defineProperty(object, key, own);
    },
  };
}

function set(object: object, key: PropertyKey, value: unknown, own: PropertyDescriptor | undefined): void {
  if (own !== undefined && 'value' in own && own.writable) {
    // By assignment where that does it: an exotic object such as process.env does more then than keep the value.
    if (Reflect.set(object, key, value)) return;
  }
  const { enumerable = true } = own ?? {};
  if (!Reflect.defineProperty(object, key, { value, enumerable, writable: true, configurable: true })) {
    throw notPatchable(key);
  }
}

function notPatchable(key: PropertyKey): TypeError {
  return new TypeError(
    `The property ${String(key)} cannot be patched: it is read-only, as the exports of a module are. ` +
      'Patch an object or class that the code under test looks it up on.',
  );
}
