import type { Attempt, TestFinished } from '../events/events.js';
import { isFailed } from '../events/outcome.js';
import { errorTexts } from './error_text.js';
import { LABELS } from './labels.js';
import type { TracebackFormat } from './reporter.js';

/** Every attempt at a flaky test: what became of it, and what may have made the difference. */
export function attemptsText({ id, attempts = [] }: TestFinished, format: TracebackFormat): string {
  const texts = attempts.map((attempt, index) => {
    const title = `Attempt ${index + 1} of ${attempts.length}: ${labels(attempt)} ${circumstances(id, attempt, index)}`;
    const errors = errorTexts(attempt, format).map((text) => `\n${text}`);
    return title + errors.join('');
  });
  return texts.join('\n');
}

/** The attempts at a test that failed in each of them, whose last is shown as any other failure. */
export function failedAttemptsText({ id, attempts = [] }: TestFinished): string {
  const lines = attempts.map((attempt, index) => {
    const first = attempt.outcomes.find(isFailed);
    const title = first === undefined ? '' : `, ${first.errorName}: ${first.message?.split('\n', 1)[0]}`;
    return `Attempt ${index + 1}: ${labels(attempt)} ${circumstances(id, attempt, index)}${title}`;
  });
  return `None of ${attempts.length} attempts passed:\n${lines.join('\n')}`;
}

function labels({ outcomes }: Attempt): string {
  return outcomes.map(({ kind }) => LABELS[kind].tree).join(' ');
}

function circumstances(id: string, { after, position, seed, duration }: Attempt, index: number): string {
  const first = index === 0 ? 'as the first' : 'in a fresh process';
  const neighbour = after === id ? 'right after itself' : after === undefined ? first : `after ${after}`;
  const order = seed === undefined ? `test ${position}` : `test ${position} of seed ${seed}`;
  return `${neighbour} (${order}), in ${duration.toFixed(3)}s`;
}
