// Times whole processes against each other: all contestants in turn, round after round, so that a machine whose speed
// drifts slows all of them alike. Quote the ratios, not the milliseconds.
import { spawnSync } from 'node:child_process';

/**
 * @param {{ name: string, command: string[], cwd: string, env?: Record<string, string>, check?: (stdout: string) => void }[]} contestants
 * @param {{ rounds?: number, warmups?: number }} [options]
 * @returns {{ name: string, median: number, min: number, max: number }[]} in milliseconds
 */
export function measure(contestants, { rounds = 9, warmups = 2 } = {}) {
  const times = contestants.map(() => []);
  for (let round = -warmups; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const elapsed = runOnce(contestant);
      if (round >= 0) times[i].push(elapsed);
    }
  }
  return contestants.map(({ name }, i) => {
    const sorted = times[i].sort((a, b) => a - b);
    return { name, median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] };
  });
}

function runOnce({ name, command, cwd, env, check }) {
  const [executable, ...args] = command;
  const start = process.hrtime.bigint();
  const result = spawnSync(executable, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${name} ended with status ${result.status}:\n${result.stdout.slice(-2000)}${result.stderr.slice(-2000)}`,
    );
  }
  // A contestant that ran nothing would win.
  check?.(result.stdout);
  return elapsed;
}

/** Prints a table of medians with the ratio of each to the first. */
export function report(title, results) {
  const base = results[0].median;
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log(`\n${title} (Node ${process.versions.node}, whole process, ms)`);
  for (const { name, median, min, max } of results) {
    const ratio = (median / base).toFixed(2).padStart(7);
    const figures = [median, min, max].map((ms) => ms.toFixed(1).padStart(9)).join('');
    console.log(`  ${name.padEnd(width)}  median, min, max ${figures}  ratio ${ratio}`);
  }
}

/** A check that the runner says it ran so many tests. */
export function expectOutput(pattern) {
  return (stdout) => {
    if (!pattern.test(stdout)) throw new Error(`expected ${pattern} in:\n${stdout.slice(-1000)}`);
  };
}
