/** Writes the log as lines of text. */
import { addObserver, eventText, type LogEvent, type LogObserver, removeObserver } from './publisher.js';

// Taken when this is loaded: a test may put a fake clock in its place.
const { Date: NativeDate } = globalThis;

/** Anything that text can be written to. */
export interface TextSink {
  /** Takes whole lines, one event at a time. */
  write(text: string): unknown;
}

/**
 * Writes each event to a stream as `2026-11-20 20:57:14+0000 [system] text`, in local time with its offset from UTC.
 * Further lines of a text begin with a tab, so that a line that begins with a date begins an event.
 *
 * @see Twisted, log.FileLogObserver
 */
export class FileLogObserver {
  readonly #sink: TextSink;
  readonly #observer: LogObserver = (event) => this.emit(event);

  /** @param sink - Where the lines go; a stream, or anything with `write(text)`. */
  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** Writes one event. */
  emit(event: LogEvent): void {
    const text = eventText(event).replaceAll('\n', '\n\t');
    this.#sink.write(`${timestamp(event.time)} [${event.system}] ${text}\n`);
  }

  /** Begins to observe the log. */
  start(): void {
    addObserver(this.#observer);
  }

  /** Ends observing the log. */
  stop(): void {
    removeObserver(this.#observer);
  }
}

/**
 * Writes the log to `stream` from now on, in the lines of `FileLogObserver`.
 *
 * @returns The observer; its `stop()` ends it.
 * @see Twisted, log.startLogging
 */
export function startLogging(stream: TextSink): FileLogObserver {
  const observer = new FileLogObserver(stream);
  observer.start();
  return observer;
}

/** `2026-11-20 20:57:14+0000`: local time and its offset. */
export function timestamp(seconds: number): string {
  const date = new NativeDate(seconds * 1000);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}${sign}${two(Math.trunc(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
