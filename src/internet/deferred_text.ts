/** How a Deferred is shown. */
import { inspect } from 'node:util';
import { type ChainState, isChain } from './chain_state.js';
import { errorHead, isError } from './error_text.js';

/** The state and the result of a Deferred in one line: `<Deferred current result: 42>`. */
export function deferredText(d: ChainState): string {
  const waits = isChain(d.result);
  const state = d.called ? resultText(d.result) : 'pending';
  const paused = d.paused > (waits ? 1 : 0) ? ', paused' : '';
  return `<${d.constructor.name} ${state}${paused}>`;
}

function resultText(result: unknown): string {
  return isChain(result) ? `waiting on a ${result.constructor.name}` : `current result: ${oneLine(result)}`;
}

/** A result, whatever it is, for people; of an error what it says, without its stack. */
function oneLine(result: unknown): string {
  const options = { depth: 1, compact: true, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 1000 };
  const text = isError(result) ? `[${errorHead(result)}]` : inspect(result, options);
  return text.replaceAll('\n', '\\n');
}
