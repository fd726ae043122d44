/** What a test waits for, as lines for its report. */
import type { Deferred } from '../../internet/deferred.js';
import { getDebugging } from '../../internet/deferred_debug.js';
import type { Origin } from '../../internet/origin.js';
import { splitStack, userStack } from '../../internet/stack_text.js';
import { timestamp } from '../../log/file_observer.js';
import { eventText, type LogEvent } from '../../log/publisher.js';
import { isBenign } from '../leaks/benign.js';
import { isThere, type Made, type Traffic } from '../leaks/made.js';
import { UNKNOWN_PLACE } from '../leaks/place.js';
import { chainOf, deferredLine, othersOf } from './deferreds.js';
import { textOf } from './text_of.js';
import type { Trace } from './trace.js';

/** Of each kind: more than these nobody reads. */
const MOST_LINES = 20;

/** Something in the reactor that may fire a Deferred. */
interface Pending {
  readonly origin?: Origin | undefined;
  readonly traffic?: Traffic;
}

/** The part of the reactor that is the test's. */
export interface WaitingReactor {
  getDelayedCalls(): readonly Pending[];
  getSelectables(): readonly Pending[];
}

/**
 * Says all that is known of what a test waits for.
 *
 * @param deferred - What the step returned; undefined for a promise.
 * @param made - What the test has made besides Deferreds and what the reactor has.
 * @param isBlocked - Code of the test is running: where nothing is known, there need not be anything.
 */
export function waitingLines(
  deferred: Deferred<unknown> | undefined,
  trace: Trace,
  reactor: WaitingReactor,
  made: readonly Made[],
  { isBlocked }: { readonly isBlocked: boolean },
): readonly string[] {
  const chain = deferred === undefined ? [] : chainOf(deferred);
  const known = [
    ...section('It waits for:', chain.map(deferredLine)),
    ...section(
      chain.length === 0 ? 'Deferreds without a result:' : 'Other Deferreds without a result:',
      othersOf(trace, chain).map(deferredLine),
    ),
    ...section('Pending calls:', reactor.getDelayedCalls().map(pendingLine)),
    ...section('Open selectables:', reactor.getSelectables().map(pendingLine)),
  ];
  known.push(...section('Timers, sockets and the like:', made.filter(mayComeTo).map(madeLine)));
  if (known.length === 0 && !isBlocked) known.push('It waits for a promise, and what could settle that is unknown.');
  return [...known, ...section('The last log lines:', trace.events().map(logLine))];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  return [title, ...shown, ...(left === 0 ? [] : [`  and ${left} more`])];
}

function pendingLine(pending: Pending): string {
  const { origin, traffic } = pending;
  const made = origin === undefined ? '' : `, made at ${origin}${wholeStack(() => origin.stack)}`;
  return `  ${textOf(pending)}${bytesText(traffic)}${made}`;
}

/** With debugging on; where there is no more of it than the line that is told anyway, nothing. */
function wholeStack(stack: () => string): string {
  if (!getDebugging()) return '';
  const { frames } = splitStack(stack());
  return frames.length < 2 ? '' : frames.map((frame) => `\n    ${frame.trim()}`).join('');
}

function bytesText(traffic: Traffic | undefined): string {
  return traffic === undefined ? '' : `, ${traffic.in} bytes in, ${traffic.out} bytes out`;
}

/** Whether something may still come of it. What Node keeps for itself is no news, nor is an immediate that is one of a few. */
function mayComeTo(made: Made): boolean {
  return made.place !== UNKNOWN_PLACE && isThere(made) && !isBenign(made);
}

function madeLine(made: Made): string {
  return `  ${made.describe()}${bytesText(made.traffic?.())}, made at ${made.place}${wholeStack(() => userStack(made.place.userFrames.join('\n')))}`;
}

function logLine(event: LogEvent): string {
  const [first = '', ...more] = eventText(event).split('\n');
  return `  ${timestamp(event.time)} [${event.system}] ${first}${more.length === 0 ? '' : ' …'}`;
}
