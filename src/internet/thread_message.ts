/** What the main thread and a thread of the pool tell each other, and how an error gets from one to the other. */
import { classOf, errorMessage, isError, setForeignNames } from './error_text.js';

/** A function that another thread can find: an export of a module. */
export interface ModuleFunction {
  /** The URL of the module, `import.meta.url` for one's own. */
  readonly module: string;
  /** The name under which it exports the function. */
  readonly name: string;
}

/** A function on its way to another thread. */
export type SentFunction = { readonly source: string; readonly label: string } | ModuleFunction;

/** Work for a thread. */
export interface Work {
  readonly work: SentFunction;
  readonly args: readonly unknown[];
}

/** What a thread says: how its work ended, or what it wants called on the main thread. */
export type FromThread =
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: SentError }
  | { readonly type: 'call'; readonly f: ModuleFunction; readonly args: readonly unknown[] };

/** An error as plain data. */
export type SentError =
  | {
      readonly names: readonly string[];
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly cause?: SentError;
      readonly errors?: readonly SentError[];
    }
  | { readonly value: unknown };

const DEPTH = 8;
const BUILT_IN = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** An error, or whatever was thrown, as plain data. What cannot be cloned is left out, or becomes text. */
export function packError(error: unknown, depth = 0): SentError {
  if (!isError(error)) return { value: isCloneable(error) ? error : errorMessage(error) };
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    if (key !== 'cause' && key !== 'errors' && isCloneable(value)) fields[key] = value;
  }
  const inner = depth < DEPTH;
  const errors: unknown = Reflect.get(error, 'errors');
  return {
    names: classNames(error),
    name: String(error.name),
    message: String(error.message),
    stack: typeof error.stack === 'string' ? error.stack : '',
    fields,
    ...(inner && error.cause !== undefined ? { cause: packError(error.cause, depth + 1) } : undefined),
    ...(inner && Array.isArray(errors) ? { errors: errors.map((each) => packError(each, depth + 1)) } : undefined),
  };
}

/**
 * The error that `packError` was given: with its message, stack and fields, but of a class of this thread. It keeps the
 * names of the classes that it had, which is what `Failure.check` goes by.
 */
export function unpackError(sent: SentError): unknown {
  if ('value' in sent) return sent.value;
  const builtIn = sent.names.find((name): name is keyof typeof BUILT_IN => Object.hasOwn(BUILT_IN, name));
  const error = new (builtIn === undefined ? Error : BUILT_IN[builtIn])(sent.message);
  Object.assign(error, sent.fields);
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(error, 'name', { ...hidden, value: sent.name });
  Object.defineProperty(error, 'stack', { ...hidden, value: sent.stack });
  if (sent.cause !== undefined) Object.defineProperty(error, 'cause', { ...hidden, value: unpackError(sent.cause) });
  if (sent.errors !== undefined)
    Object.defineProperty(error, 'errors', { ...hidden, value: sent.errors.map(unpackError) });
  setForeignNames(error, sent.names);
  return error;
}

/** The names of the classes of an error, its own first, down to Error. */
function classNames(error: Error): string[] {
  const names: string[] = [];
  for (let type: unknown = classOf(error); typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (type.name !== '') names.push(type.name);
  }
  return names;
}

function isCloneable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object') return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    // That it cannot be cloned is the answer.
    return false;
  }
}
