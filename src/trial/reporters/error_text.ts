import type { Outcome } from '../events/events.js';
import { isFailed } from '../events/outcome.js';
import type { Result } from './labels.js';
import type { TracebackFormat } from './reporter.js';

/** What an error looks like at the end of a run; ends without a line feed. */
export function errorText(
  error: Pick<Outcome, 'errorName' | 'message' | 'stack'>,
  format: TracebackFormat = 'plain',
): string {
  const title = titleOf(error);
  const text = error.stack?.trimEnd() || title;
  switch (format) {
    case 'plain':
      return text;
    case 'emacs':
      return text.split('\n').map(emacsLine).join('\n');
    case 'brief': {
      const place = text.split('\n').find((line) => FRAME.test(line));
      return place === undefined ? title : `${title}\n${place}`;
    }
    default:
      return format satisfies never;
  }
}

/** What went wrong with a test, in any of its attempts: a text for each error. */
export function errorTexts({ outcomes, attempts }: Result, format: TracebackFormat): string[] {
  const all = attempts === undefined ? outcomes : attempts.flatMap((attempt) => attempt.outcomes);
  return all.filter(isFailed).map((outcome) => errorText(outcome, format));
}

/** Class and message of an error. */
export function titleOf({ errorName, message }: Pick<Outcome, 'errorName' | 'message'>): string {
  if (!message) return errorName ?? 'Error';
  return errorName ? `${errorName}: ${message}` : message;
}

/** `    at f (file:///x.ts:1:2)`, `    at x.ts:1:2`, `    at f (/x.ts:1)`. */
const FRAME = /^\s+at (?:(.*?) \()?(.+?):(\d+)(?::(\d+))?\)?$/;

function emacsLine(line: string): string {
  const [, name, file, row, column] = FRAME.exec(line) ?? [];
  if (file === undefined) return line;
  const place = column === undefined ? row : `${row}:${column}`;
  return `${file.replace(/^(?:async )?(?:file:\/\/)?/, '')}:${place}:${name ? ` ${name}` : ''}`;
}
