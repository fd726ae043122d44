/** Sees warnings at the call of `process.emitWarning`, and keeps those of a test until it is over. */
import { capturedStack, captureStackTrace } from '../../internet/native_error.js';
import { userStack } from '../../internet/stack_text.js';
import { currentOwner } from './attribution.js';
import type { CollectedWarning } from './warnings.js';

// Taken before any test can replace it.
const { process } = globalThis;

type EmitWarning = typeof process.emitWarning;

let original: EmitWarning | undefined;
let listeners = 0;

/** Begins to watch. */
export function beginWarningWatch(): void {
  original = process.emitWarning;
  listeners = process.listenerCount('warning');
  process.emitWarning = emitWarning as EmitWarning;
}

/** Ends what `beginWarningWatch` began. */
export function endWarningWatch(): void {
  if (original !== undefined) process.emitWarning = original;
  original = undefined;
}

function emitWarning(...args: readonly unknown[]): void {
  const emit = original ?? process.emitWarning;
  const owner = currentOwner();
  const warning = owner === undefined ? undefined : describe(args);
  if (owner === undefined || warning === undefined) {
    Reflect.apply(emit, process, args);
    return;
  }
  let shown = false;
  const show = () => {
    if (shown) return;
    shown = true;
    Reflect.apply(emit, process, args);
  };
  owner.takeWarning(warning, show);
  // A test that listens for warnings itself would wait for ever if they were kept back.
  process.nextTick(() => {
    if (process.listenerCount('warning') > listeners) owner.showWarnings();
  });
}

/** What `process.emitWarning` was given, in one form; undefined when it will refuse it. */
function describe([warning, second, third]: readonly unknown[]): CollectedWarning | undefined {
  const place: { stack?: string } = {};
  captureStackTrace(place, emitWarning);
  const location = () => capturedStack(place);
  if (warning instanceof Error) {
    const { name, message } = warning;
    const { code, detail } = warning as { readonly code?: unknown; readonly detail?: unknown };
    return make(name, message, code, detail, () => warning.stack);
  }
  if (typeof warning !== 'string') return undefined;
  if (typeof second === 'object' && second !== null && !Array.isArray(second)) {
    const { type, code, detail } = second as {
      readonly type?: unknown;
      readonly code?: unknown;
      readonly detail?: unknown;
    };
    return make(type, warning, code, detail, location);
  }
  return make(second, warning, third, undefined, location);
}

function make(
  category: unknown,
  message: string,
  code: unknown,
  detail: unknown,
  stack: () => string | undefined,
): CollectedWarning {
  return {
    category: typeof category === 'string' && category !== '' ? category : 'Warning',
    message,
    code: typeof code === 'string' ? code : undefined,
    detail: typeof detail === 'string' ? detail : undefined,
    get stack() {
      return userStack(stack() ?? '');
    },
  };
}
