import type { ExitCode } from '../events/events.js';
import type { Options } from '../options/options.js';
import type { Output } from '../output/output.js';
import { reproCommand } from '../repro.js';
import type { PlannedTest } from '../supervise/frames.js';
import { InterruptRelay } from '../supervise/interrupt_relay.js';
import { type FreshRun, freshRun } from './fresh_run.js';
import { reduce } from './reduce.js';

/** How many of the tests that fail are looked into: more fail for a reason that they have in common. */
const MOST_VICTIMS = 10;

/**
 * Finds, for each test that fails, the earlier test that makes it fail: by running parts of what ran before it in fresh
 * processes, in the order of the run.
 *
 * @returns The exit status: 1 if a test failed.
 */
export async function bisect(options: Options, output: Output): Promise<ExitCode> {
  const relay = new InterruptRelay();
  relay.start();
  try {
    return await new Bisection(options, output, relay).run();
  } catch (error) {
    if (error instanceof Interrupted) return error.status;
    throw error;
  } finally {
    relay.stop();
  }
}

class Interrupted extends Error {
  readonly status: ExitCode;

  constructor(status: ExitCode) {
    super('Interrupted.');
    this.status = status;
  }
}

class Bisection {
  readonly #options: Options;
  readonly #output: Output;
  readonly #relay: InterruptRelay;

  constructor(options: Options, output: Output, relay: InterruptRelay) {
    this.#options = options;
    this.#output = output;
    this.#relay = relay;
  }

  async run(): Promise<ExitCode> {
    const whole = await this.#freshRun();
    const { tests, failed, loadErrors, status, stderr } = whole;
    if (tests.length === 0) {
      this.#output.stderr.write(stderr);
      for (const { id, message } of loadErrors) this.#output.stderr.write(`trial: Cannot load ${id}: ${message}\n`);
      return status || 1;
    }
    const victims = tests.filter(([id]) => failed.has(id));
    this.#say(`Ran ${count(tests.length)}: ${victims.length === 0 ? 'none' : victims.length} failed.`);
    for (const { id, message } of loadErrors) this.#say(`Cannot load ${id}: ${message}`);
    for (const victim of victims.slice(0, MOST_VICTIMS)) {
      this.#say(`\n${victim[0]} failed: ${failed.get(victim[0])}`);
      await this.#examine(victim, tests.slice(0, tests.indexOf(victim)));
    }
    const more = victims.length - MOST_VICTIMS;
    if (more > 0) this.#say(`\n${count(more)} more failed and ${more === 1 ? 'was' : 'were'} not looked into.`);
    return victims.length > 0 || loadErrors.length > 0 || status !== 0 ? 1 : 0;
  }

  async #examine(victim: PlannedTest, before: readonly PlannedTest[]): Promise<void> {
    const [id] = victim;
    if (await this.#fails(victim, [])) {
      this.#say(`${id} fails alone: no earlier test makes it fail.`);
      this.#repro([victim]);
      return;
    }
    if (before.length === 0) {
      this.#say(`${id} was the first, and passes when it is run again: it fails now and then.`);
      return;
    }
    if (!(await this.#fails(victim, before))) {
      this.#say(`${id} passes when all that ran before it is run again: it fails now and then, or because of a module`);
      this.#say('that was loaded for later tests. Try --until-failure.');
      return;
    }
    const culprits = await reduce(before, (part) => this.#fails(victim, part));
    const again = await this.#fails(victim, culprits);
    const alone = await this.#fails(victim, []);
    const names = culprits.map(([culprit]) => culprit).join(' and ');
    this.#say(`${id} fails after ${names}, and passes alone.`);
    if (!again || alone) this.#say('Not always, though: when that was tried once more, it was not so.');
    this.#repro([...culprits, victim]);
  }

  /** Whether the test fails when these run before it in the same process. */
  async #fails(victim: PlannedTest, before: readonly PlannedTest[]): Promise<boolean> {
    const { failed } = await this.#freshRun([...before, victim]);
    const fails = failed.has(victim[0]);
    this.#say(`  ${before.length === 0 ? 'alone' : `after ${count(before.length)}`}: ${fails ? 'fails' : 'passes'}`);
    return fails;
  }

  async #freshRun(tests?: readonly PlannedTest[]): Promise<FreshRun> {
    const run = await freshRun(this.#relay, tests);
    if (this.#relay.status !== undefined) throw new Interrupted(this.#relay.status);
    return run;
  }

  #repro(tests: readonly PlannedTest[]): void {
    const options = { ...this.#options, randomSeed: undefined, untilFailure: false, repeat: 1 };
    const failed = tests.map(([id, file]) => ({ id, file }));
    this.#say(`repro: ${reproCommand(options, failed, failed.length)}`);
  }

  #say(line: string): void {
    this.#output.stdout.write(`${line}\n`);
  }
}

function count(tests: number): string {
  return tests === 1 ? '1 test' : `${tests} tests`;
}
