/** Draws which callbacks and errbacks fire: two lanes, the callbacks left and the errbacks right. */
import { type Pair, showAct } from './pair.js';
import { type Lane, type Result, type Simulation, simulate } from './simulate.js';

const GAP = 4;
const BETWEEN = '      ';

/** Both drawings: side by side, or one under another. */
export function drawBoth(pairs: readonly Pair[], narrow: boolean): string {
  const left = draw(pairs, 'callback');
  const right = draw(pairs, 'errback');
  if (narrow) return `${[...left, '', ...right].map((line) => line.trimEnd()).join('\n')}\n`;
  const width = Math.max(...left.map((line) => line.length));
  const height = Math.max(left.length, right.length);
  const lines = Array.from({ length: height }, (_, i) => `${(left[i] ?? '').padEnd(width)}${BETWEEN}${right[i] ?? ''}`);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function draw(pairs: readonly Pair[], start: Lane): string[] {
  const simulation = simulate(pairs, start);
  const lanes = new Lanes(pairs, simulation);
  const results = [...simulation.given, simulation.end];
  const lines = [
    `d.${start}(${start === 'callback' ? 'initial' : 'Error: initial'})`,
    '',
    lanes.both('callbacks', 'errbacks'),
    '',
  ];
  let from = start;
  for (const [i, result] of results.entries()) {
    lines.push(...lanes.flow(from, result));
    const pair = pairs[i];
    if (pair !== undefined) lines.push(lanes.only(result.lane, '|'), ...lanes.boxes(pair, result.lane));
    from = result.lane;
  }
  const { end } = simulation;
  lines.push('', end.lane === 'callback' ? `The result is ${end.text}.` : `The error ${end.text} is unhandled.`);
  return lines;
}

class Lanes {
  readonly #width: number;

  constructor(pairs: readonly Pair[], { given, end }: Simulation) {
    const acts = pairs.flatMap(({ callback, errback }) => [showAct(callback), showAct(errback)]);
    const texts = [...given, end].map(({ text }) => text);
    const longest = Math.max(...[...acts, ...texts, 'callbacks'].map((text) => text.length));
    // Odd, so that there is a middle.
    this.#width = (longest + 4) | 1;
  }

  both(left: string, right: string): string {
    return `${this.#centre(left)}${' '.repeat(GAP)}${this.#centre(right)}`;
  }

  only(lane: Lane, text: string): string {
    return lane === 'callback' ? this.both(text, '') : this.both('', text);
  }

  /** From the pair above, or from the beginning, to the result: over to the other lane if it is there. */
  flow(from: Lane, { lane, text }: Result): string[] {
    if (from === lane) return [this.only(lane, '|'), this.only(lane, text)];
    const middle = (this.#width - 1) / 2;
    const way = `${' '.repeat(middle)}+${'-'.repeat(this.#width + GAP - 1)}+${' '.repeat(middle)}`;
    return [this.only(from, '|'), way, this.only(lane, '|'), this.only(lane, text)];
  }

  /** The pair; the one that fires has a border of stars. */
  boxes({ callback, errback }: Pair, fired: Lane): string[] {
    const left = this.#box(showAct(callback), fired === 'callback');
    const right = this.#box(showAct(errback), fired === 'errback');
    return left.map((line, i) => `${line}${' '.repeat(GAP)}${right[i]}`);
  }

  #box(text: string, fires: boolean): string[] {
    const border = fires ? '*'.repeat(this.#width) : `+${'-'.repeat(this.#width - 2)}+`;
    const side = fires ? '*' : '|';
    return [border, `${side}${this.#centre(text).slice(1, -1)}${side}`, border];
  }

  #centre(text: string): string {
    const left = (this.#width - text.length) >> 1;
    return `${' '.repeat(left)}${text}`.padEnd(this.#width);
  }
}
