/** Plays the streams that tests/fixtures/protocols/record.py has recorded from real Twisted. */
import {
  Int8StringReceiver,
  Int16StringReceiver,
  Int32StringReceiver,
  LineOnlyReceiver,
  LineReceiver,
  NetstringReceiver,
} from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

/** What record.py writes a line for. */
export interface RecordedStream {
  readonly receiver: keyof typeof receivers;
  readonly maxLength: number;
  readonly delimiter?: string;
  /** Whether nothing comes any more once the receiver has closed the connection. */
  readonly stops: boolean;
  readonly pieces: readonly string[];
  readonly trace: readonly string[];
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function text(data: Buffer): string {
  return data.toString('latin1');
}

class Transport extends StringTransport {
  readonly #trace: string[];

  constructor(trace: string[]) {
    super({ lenient: true });
    this.#trace = trace;
  }

  override loseConnection(): void {
    if (!this.disconnecting) this.#trace.push('lose');
    this.disconnecting = true;
  }

  override pauseProducing(): void {
    this.#trace.push('pause');
  }

  override resumeProducing(): void {
    this.#trace.push('resume');
  }
}

interface Playable {
  trace: string[];
  MAX_LENGTH: number;
  paused?: boolean;
  delimiter?: Uint8Array | string;
  readonly transport: StringTransport | { loseConnection(): void; readonly disconnecting: boolean };
  makeConnection(transport: StringTransport): void;
  dataReceived(data: Buffer): void;
  pauseProducing?(): void;
  resumeProducing?(): void;
  setRawMode?(): void;
  setLineMode?(extra: Buffer): void;
  clearLineBuffer?(): Buffer;
}

/** As `react` in record.py. */
function react(receiver: Playable, data: Buffer): void {
  const first = text(data.subarray(0, 1));
  if (first === 'C') receiver.transport.loseConnection();
  else if (first === 'P') receiver.pauseProducing?.();
  else if (first === 'R') receiver.setRawMode?.();
  else if (first === 'M' && receiver.setLineMode) {
    receiver.setRawMode?.();
    receiver.setLineMode(Buffer.concat([bytes('ab'), Buffer.from(receiver.delimiter ?? ''), bytes('c')]));
  } else if (first === 'W' && receiver.setRawMode) {
    receiver.pauseProducing?.();
    receiver.resumeProducing?.();
  } else if (first === 'X' && receiver.pauseProducing) {
    receiver.pauseProducing();
    receiver.transport.loseConnection();
  } else if (first === 'T') receiver.MAX_LENGTH = 100;
  else if (first === 'N' && 'delimiter' in receiver) receiver.delimiter = '\n';
  else if (first === 'S') receiver.MAX_LENGTH = 3;
  else if (first === 'E' && receiver.clearLineBuffer)
    receiver.trace.push(`cleared:${text(receiver.clearLineBuffer())}`);
}

class Lines extends LineReceiver {
  trace: string[] = [];
  override lineReceived(line: Buffer) {
    this.trace.push(`line:${text(line)}`);
    react(this, line);
  }
  override rawDataReceived(data: Buffer) {
    this.trace.push(`raw:${text(data)}`);
    const at = data.indexOf('L');
    if (at >= 0) this.setLineMode(data.subarray(at + 1));
  }
  override lineLengthExceeded(line: Buffer) {
    this.trace.push(`long:${text(line)}`);
    super.lineLengthExceeded(line);
  }
}

class OnlyLines extends LineOnlyReceiver {
  trace: string[] = [];
  override lineReceived(line: Buffer) {
    this.trace.push(`line:${text(line)}`);
    react(this, line);
  }
  override lineLengthExceeded(line: Buffer) {
    this.trace.push(`long:${text(line)}`);
    super.lineLengthExceeded(line);
  }
}

class Netstrings extends NetstringReceiver {
  trace: string[] = [];
  override stringReceived(string: Buffer) {
    this.trace.push(`string:${text(string)}`);
    react(this, string);
  }
}

type IntClass = typeof Int8StringReceiver | typeof Int16StringReceiver | typeof Int32StringReceiver;

function numbered(base: IntClass): new () => Playable {
  return class extends (base as typeof Int8StringReceiver) {
    trace: string[] = [];
    override stringReceived(string: Buffer) {
      this.trace.push(`string:${text(string)}`);
      react(this, string);
    }
    override lengthLimitExceeded(length: number) {
      this.trace.push(`long:${length}`);
      super.lengthLimitExceeded(length);
    }
  };
}

export const receivers = {
  LineReceiver: Lines as new () => Playable,
  LineOnlyReceiver: OnlyLines as new () => Playable,
  NetstringReceiver: Netstrings as new () => Playable,
  Int8StringReceiver: numbered(Int8StringReceiver),
  Int16StringReceiver: numbered(Int16StringReceiver),
  Int32StringReceiver: numbered(Int32StringReceiver),
};

/** What a receiver of ours makes of the stream. */
export function play(stream: Omit<RecordedStream, 'trace'>): string[] {
  const receiver = new receivers[stream.receiver]();
  receiver.MAX_LENGTH = stream.maxLength;
  if (stream.delimiter !== undefined) receiver.delimiter = bytes(stream.delimiter);
  receiver.makeConnection(new Transport(receiver.trace));
  for (const [index, piece] of stream.pieces.entries()) {
    receiver.trace.push('piece');
    receiver.dataReceived(bytes(piece));
    if (receiver.paused && index % 3 === 2) receiver.resumeProducing?.();
    if (stream.stops && receiver.transport.disconnecting) break;
  }
  return receiver.trace;
}

/** The recorded lines whose traces differ here: for each the stream, and where the first difference is. */
export function differences(recorded: readonly string[]): string[] {
  const differing: string[] = [];
  for (const line of recorded) {
    const { trace, ...stream } = JSON.parse(line) as RecordedStream;
    const played = play(stream);
    const at = trace.findIndex((entry, index) => entry !== played[index]);
    if (at === -1 && played.length === trace.length) continue;
    const step = at === -1 ? trace.length : at;
    differing.push(`${JSON.stringify(stream)}\n  step ${step}: Twisted ${trace[step]}, here ${played[step]}`);
  }
  return differing.sort((a, b) => a.length - b.length);
}
