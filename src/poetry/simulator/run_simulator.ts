import { Mistake } from '../mistake.js';
import { drawBoth } from './draw.js';
import { type Pair, parsePair } from './pair.js';

/** Where the pairs come from, and where the drawing goes. */
export interface SimulatorOptions {
  /** One pair each, up to an empty one or the last. */
  readonly lines: AsyncIterable<string>;
  /** Whether somebody types them, who can be asked again. */
  readonly interactive: boolean;
  /** Whether the drawings stand one under another. */
  readonly narrow: boolean;
  readonly write: (text: string) => void;
}

const HELP = `One pair of callback and errback a line, for each of the two one of
  r VALUE   returns VALUE
  e NAME    throws an error NAME
  p         passes on what it is given
for example: r poem p
An empty line ends the chain.
`;

/**
 * Reads pairs, and draws which of them fire.
 *
 * @throws Mistake at a line that cannot be read, unless somebody can be asked again.
 */
export async function runSimulator({ lines, interactive, narrow, write }: SimulatorOptions): Promise<void> {
  const pairs: Pair[] = [];
  let number = 0;
  if (interactive) write(`${HELP}> `);
  for await (const line of lines) {
    number++;
    if (line.trim() === '') break;
    try {
      pairs.push(parsePair(line));
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      const what = `Cannot read line ${number}, '${line}': ${error.message}`;
      if (!interactive) throw new Mistake(what);
      write(`${what}\n`);
    }
    if (interactive) write('> ');
  }
  write(`${interactive ? '\n' : ''}${drawBoth(pairs, narrow)}`);
}
