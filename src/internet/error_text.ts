/** Errors as text: what they are called, what they say, where they came from and what caused them. */
import { inspect, types } from 'node:util';
import { isUserFrame, placeOf, splitStack, userStack } from './stack_text.js';

// Under this symbol an error that came from another thread keeps the names of its classes, its own first.
const CLASS_NAMES = Symbol.for('txtrial.classNames');

const LIMIT = 20;

/** Whether `value` is an error object, of this realm or another one. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || isInstance(value, Error);
}

/**
 * `value instanceof type`, but false when `value` does not let anybody ask: a Proxy whose traps throw, for one.
 *
 * @throws TypeError if `type` is nothing that has instances.
 */
export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch (error) {
    if (hasPrototypes(value)) throw error;
    return false;
  }
}

/** Whether the prototypes of `value` can be walked to their end. */
function hasPrototypes(value: unknown): boolean {
  try {
    for (let next: unknown = value; next !== null && next !== undefined; ) next = Reflect.getPrototypeOf(Object(next));
    return true;
  } catch {
    return false;
  }
}

/** What `read` returns, or `instead` if it throws: an error with getters that throw is to be shown all the same. */
function readable<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch {
    // What it threw says nothing of the error that is being shown.
    return instead;
  }
}

/** The class of `value`; undefined for null, undefined and objects without one. */
export function classOf(value: unknown): (abstract new (...args: never[]) => unknown) | undefined {
  if (value === undefined || value === null) return undefined;
  const type: unknown = readable(() => Reflect.get(Object(value), 'constructor'), undefined);
  return typeof type === 'function' ? (type as abstract new (...args: never[]) => unknown) : undefined;
}

/** The name of the class of `value`. */
export function className(value: unknown): string {
  const [name] = foreignNames(value);
  if (name !== undefined) return name;
  const own = readable(() => nameOf(classOf(value)), undefined);
  // Node 20 makes its own errors of an inner class that nobody knows; their `name` is the class they stand for.
  if (isError(value) && (own === undefined || own === '' || own === 'NodeError')) {
    return readable(() => String(value.name), 'Error');
  }
  return own || (value === null ? 'null' : typeof value);
}

/** A class may have a static `name` that is no text. */
function nameOf(type: { readonly name: unknown } | undefined): string | undefined {
  return typeof type?.name === 'string' ? type.name : undefined;
}

/** The names of the classes of an error that was made in another thread, its own first; else none. */
export function foreignNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names: unknown = readable(() => Reflect.get(value, CLASS_NAMES), undefined);
  return Array.isArray(names) ? names : [];
}

/** Gives an error the class names that it had in another thread. */
export function setForeignNames(error: object, names: readonly string[]): void {
  Object.defineProperty(error, CLASS_NAMES, { value: names, configurable: true });
}

/** What an error says; of a value that is no error, the value as text. */
export function errorMessage(value: unknown): string {
  if (typeof value === 'string') return value;
  return readable(() => (isError(value) ? String(value.message) : inspect(value)), '(a text that cannot be read)');
}

/** `Name: message`, or the name alone. */
export function errorHead(value: unknown): string {
  const message = errorMessage(value);
  return message === '' ? className(value) : `${className(value)}: ${message}`;
}

/**
 * An error with its frames in the user's code, its causes, and the errors that it gathers.
 *
 * @param value - Any value that was thrown.
 * @param options - `stack` stands in for the stack of a value without one; `all` keeps the frames of Node and of ours.
 */
export function errorText(
  value: unknown,
  { stack, all = false }: { readonly stack?: string | undefined; readonly all?: boolean } = {},
): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  // An explicit stack, the next one last: causes may be nested deeper than calls may be.
  const waiting: { error: unknown; lead: string; indent: string; stack: string | undefined }[] = [
    { error: value, lead: '', indent: '', stack },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { error, lead, indent } = next;
    if (seen.has(error)) {
      lines.push(`${indent}${lead}${errorHead(error)} (shown above)`);
      continue;
    }
    if (seen.size === LIMIT) {
      lines.push(`${indent}(more causes left out)`);
      break;
    }
    if (typeof error === 'object' && error !== null) seen.add(error);
    lines.push(...`${lead}${errorHead(error)}`.split('\n').map((line) => indent + line));
    lines.push(...framesOf(error, next.stack, all).map((frame) => indent + frame));
    const inner = readable(() => innerErrors(error), []);
    for (const { error: child, lead: childLead } of inner.reverse()) {
      waiting.push({
        error: child,
        lead: childLead,
        indent: childLead === 'Caused by: ' ? indent : `${indent}  `,
        stack: undefined,
      });
    }
  }
  return lines.join('\n');
}

/** An error in few words: `Name: message`, then a line `file:line:column:function` for each frame of the user's. */
export function briefErrorText(value: unknown, stack?: string): string {
  const frames = framesOf(value, stack, false).filter(isUserFrame);
  const lines = frames.map((frame) => {
    const place = placeOf(frame);
    const name = /^\s+at (?:async )?(.*) \(/.exec(frame)?.[1];
    return name === undefined ? place : `${place}:${name}`;
  });
  return [errorHead(value), ...lines].join('\n');
}

function innerErrors(error: unknown): { error: unknown; lead: string }[] {
  if (!isError(error)) return [];
  const inner: { error: unknown; lead: string }[] = [];
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const [index, each] of error.errors.entries()) inner.push({ error: unwrapped(each), lead: `[${index}] ` });
  }
  if ('subFailure' in error) inner.push({ error: unwrapped(error.subFailure), lead: 'Caused by: ' });
  if (error.cause !== undefined) inner.push({ error: unwrapped(error.cause), lead: 'Caused by: ' });
  return inner;
}

/** The error inside a Failure; any other value as it is. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Reflect.get(value, Symbol.for('txtrial.Failure')) === true ? Reflect.get(value, 'value') : value;
}

/** The text of an error's stack; empty when it has none, or one that is no text. */
export function stackOf(error: unknown): string {
  if (!isError(error)) return '';
  const stack: unknown = readable(() => error.stack, undefined);
  return typeof stack === 'string' ? stack : '';
}

function framesOf(error: unknown, ownStack: string | undefined, all: boolean): readonly string[] {
  const stack = withoutMessage(ownStack ?? stackOf(error), error);
  return stack === '' ? [] : splitStack(userStack(stack, { all })).frames;
}

/** A message of several lines may hold some that look like frames. */
function withoutMessage(stack: string, error: unknown): string {
  if (!isError(error) || stack === '') return stack;
  const message = errorMessage(error);
  if (!message.includes('\n')) return stack;
  const at = stack.indexOf(message);
  return at === -1 ? stack : stack.slice(at + message.length);
}
