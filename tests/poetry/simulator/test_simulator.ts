import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { Mistake } from '../../../src/poetry/mistake.js';
import { type Act, parsePair, showAct } from '../../../src/poetry/simulator/pair.js';
import { runSimulator } from '../../../src/poetry/simulator/run_simulator.js';
import { simulate } from '../../../src/poetry/simulator/simulate.js';
import { poetryReading } from '../../support/poetry.js';

const SIDE_BY_SIDE = `\
d.callback(initial)                 d.errback(Error: initial)

  callbacks        errbacks           callbacks        errbacks

      |                                                    |
   initial                                              initial
      |                                                    |
*************    +-----------+      +-----------+    *************
*  r poem   *    |     p     |      |  r poem   |    *     p     *
*************    +-----------+      +-----------+    *************
      |                                                    |
    poem                                                initial
      |                                                    |
*************    +-----------+      +-----------+    *************
*  e Oops   *    |  r None   |      |  e Oops   |    *  r None   *
*************    +-----------+      +-----------+    *************
      |                                                    |
      +----------------+                  +----------------+
                       |                  |
                     Oops               None

The error Oops is unhandled.        The result is None.
`;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom('a', 'b').map((value): Act => ({ does: 'return', value })),
  fc.constantFrom('A', 'B').map((error): Act => ({ does: 'throw', error })),
  fc.constant<Act>({ does: 'pass' }),
);

export class PairTests extends TestCase {
  test_reads_what_it_shows() {
    fc.assert(
      fc.property(act, act, (callback, errback) => {
        this.assertEqual(parsePair(` ${showAct(callback)}   ${showAct(errback)} `), { callback, errback });
      }),
    );
  }

  test_says_what_is_wrong() {
    const wrong = [
      ['p', 'the errback is missing'],
      ['r', "'r' needs a word: write r VALUE"],
      ['p e', "'e' needs a word: write e NAME"],
      ['x p', "'x' is no callback"],
      ['p q', "'q' is no errback"],
      ['p p p', "'p' is too much"],
    ] as const;
    for (const [line, text] of wrong) {
      this.assertSubstring(text, this.assertRaises(Mistake, () => parsePair(line)).message);
    }
  }
}

export class SimulateTests extends TestCase {
  /** The rule of the introduction: a value goes to the next callback, an error to the next errback. */
  test_as_the_rule_says() {
    fc.assert(
      fc.property(
        fc.array(fc.record({ callback: act, errback: act }), { maxLength: 8 }),
        fc.boolean(),
        (pairs, well) => {
          let lane: 'callback' | 'errback' = well ? 'callback' : 'errback';
          let text = 'initial';
          const given = pairs.map((pair) => {
            const before = { lane, text };
            const next = pair[lane];
            if (next.does !== 'pass') {
              text = next.does === 'return' ? next.value : next.error;
              lane = next.does === 'return' ? 'callback' : 'errback';
            }
            return before;
          });

          this.assertEqual(simulate(pairs, well ? 'callback' : 'errback'), { given, end: { lane, text } });
        },
      ),
    );
  }
}

export class SimulatorTests extends TestCase {
  async type(lines: readonly string[], narrow = false): Promise<string> {
    let output = '';
    async function* typed() {
      yield* lines;
    }
    await runSimulator({ lines: typed(), interactive: true, narrow, write: (text) => (output += text) });
    return output;
  }

  /** Somebody who types is asked again. */
  async test_a_bad_line_at_a_terminal() {
    const output = await this.type(['r poem p', 'nonsense', 'e Oops r None', '', 'r never p']);

    this.assertSubstring("\n> > Cannot read line 2, 'nonsense': 'nonsense' is no callback", output);
    this.assertTrue(output.endsWith(`> \n${SIDE_BY_SIDE}`), output);
    this.assertNotSubstring('never', output);
  }

  async test_an_empty_chain() {
    const output = await this.type(['']);

    this.assertSubstring('The result is initial.', output);
    this.assertSubstring('The error initial is unhandled.', output);
  }
}

export class DeferredCommandTests extends TestCase {
  async test_side_by_side() {
    this.assertEqual(await poetryReading('r poem p\ne Oops r None\n\nr not read\n', 'deferred'), {
      status: 0,
      stdout: SIDE_BY_SIDE,
      stderr: '',
    });
  }

  async test_narrow() {
    const { status, stdout } = await poetryReading('r poem p\ne Oops r None', 'deferred', '--narrow');

    const lines = SIDE_BY_SIDE.trimEnd().split('\n');
    const left = lines.map((line) => line.slice(0, 30).trimEnd());
    const right = lines.map((line) => line.slice(36));
    this.assertEqual({ status, stdout }, { status: 0, stdout: `${[...left, '', ...right].join('\n')}\n` });
  }

  async test_a_bad_line_in_a_pipe() {
    this.assertEqual(await poetryReading('r poem p\nr\n', 'deferred'), {
      status: 2,
      stdout: '',
      stderr: "poetry: Cannot read line 2, 'r': 'r' needs a word: write r VALUE.\n",
    });
  }
}
