import type { Duplex, Readable } from 'node:stream';
import type { Frame } from './frames.js';
import { type Exit, type Launched, notYet } from './launch.js';

/** Turns of the event loop in which nothing came: then there is nothing more in a pipe whose writer is dead. */
const QUIET_TURNS = 5;

/**
 * Receives all that a process says, in order, until it is over.
 *
 * @param onFrame - May return a Promise: what follows waits for it.
 * @param onStderr - Gets what was written to the descriptor itself.
 * @param onOver - Called when the process is over and has said all, but others may still write to its stderr.
 */
export async function receive(
  { wire, stderr, exit }: Launched,
  onFrame: (frame: Frame) => Promise<void> | undefined,
  onStderr: (text: string) => void,
  onOver: (exit: Exit) => void,
): Promise<Exit> {
  const stderrOver = stderr === null ? undefined : readAll(stderr, onStderr, exit);
  const framesOver = readFrames(wire, onFrame);
  const ended = await exit;
  // There was nobody to close the line.
  if (ended.error !== undefined) return ended;
  await framesOver;
  onOver(ended);
  await stderrOver;
  return ended;
}

async function readFrames(wire: Duplex, onFrame: (frame: Frame) => Promise<void> | undefined): Promise<void> {
  let rest = '';
  for await (const text of unbroken(wire)) {
    if (!text.includes('\n')) {
      rest += text;
      continue;
    }
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const waiting = onFrame(JSON.parse(line) as Frame);
      if (waiting !== undefined) await waiting;
    }
  }
}

/** The text that comes; that the line breaks with the process is its end, too. */
async function* unbroken(wire: Duplex): AsyncGenerator<string> {
  try {
    yield* wire.setEncoding('utf8') as AsyncIterable<string>;
  } catch {
    // What was written before has come.
  }
}

/** Reads to the end, or after the exit to where nothing comes any more: another process may have the pipe and live on. */
function readAll(stream: Readable, onText: (text: string) => void, exit: Promise<Exit>): Promise<void> {
  return new Promise((resolve) => {
    let quiet = 0;
    stream.setEncoding('utf8').on('data', (text: string) => {
      quiet = 0;
      onText(text);
    });
    stream.off('readable', notYet);
    stream.on('end', resolve);
    stream.on('error', () => resolve());
    const look = () => {
      quiet += 1;
      if (quiet <= QUIET_TURNS) {
        setImmediate(look);
        return;
      }
      stream.destroy();
      resolve();
    };
    void exit.then(look);
  });
}
