import { TestCase } from 'txtrial';
import type { TestEvent } from 'txtrial/reporter';
import { loadColours } from '../../../src/trial/reporters/labels.js';
import createTreeReporter from '../../../src/trial/reporters/tree.js';
import { error, finished, printed, run, runFinished, runStarted, started, test } from './recorded.js';

const DOUBLE = '='.repeat(79);
const SINGLE = '-'.repeat(79);

/** A line with a label that ends at column 79. */
function labelled(text: string, label: string, columns = text.length): string {
  return text + ' '.repeat(79 - columns - label.length) + label;
}

export class TreeTests extends TestCase {
  test_modules_classes_and_tests(): void {
    const text = printed(
      createTreeReporter,
      run(
        test('a.b.C.test_x', 'success'),
        test('a.b.C.test_y', 'success'),
        test('a.b.D.test_x', 'success'),
        test('e.C.test_x', 'success'),
      ),
    );

    this.assertEqual(text.split('\n').slice(0, 10), [
      'a.b',
      '  C',
      labelled('    test_x ... ', '[OK]'),
      labelled('    test_y ... ', '[OK]'),
      '  D',
      labelled('    test_x ... ', '[OK]'),
      'e',
      '  C',
      labelled('    test_x ... ', '[OK]'),
      '',
    ]);
  }

  test_each_outcome_has_its_label(): void {
    const kinds = ['success', 'failure', 'error', 'skip', 'expectedFailure', 'unexpectedSuccess'] as const;
    const labels = ['[OK]', '[FAIL]', '[ERROR]', '[SKIPPED]', '[TODO]', '[SUCCESS!?!]'];

    const lines = printed(createTreeReporter, run(...kinds.map((kind) => test(`m.C.test_${kind}`, kind)))).split('\n');

    for (const [i, kind] of kinds.entries())
      this.assertEqual(lines[i + 2], labelled(`    test_${kind} ... `, labels[i] ?? ''));
  }

  test_further_outcomes_have_lines_of_their_own(): void {
    const lines = printed(createTreeReporter, run(test('m.C.test_x', 'failure', 'error'))).split('\n');

    this.assertEqual(lines.slice(2, 4), [labelled('    test_x ... ', '[FAIL]'), labelled('', '[ERROR]')]);
  }

  test_long_names_keep_their_label(): void {
    const name = `test_${'x'.repeat(90)}`;

    const lines = printed(createTreeReporter, run(test(`m.C.${name}`, 'success'))).split('\n');

    this.assertEqual(lines[2], `    ${name} ... [OK]`);
  }

  test_wide_characters_take_two_columns(): void {
    const lines = printed(createTreeReporter, run(test('m.C.test_日本', 'success'))).split('\n');

    this.assertEqual(lines[2], labelled('    test_日本 ... ', '[OK]', 18));
  }

  test_a_running_test_is_seen(): void {
    this.assertEqual(printed(createTreeReporter, [runStarted(), started('m.C.test_x')]), 'm\n  C\n    test_x ... ');
  }

  test_a_notice_at_a_terminal_leaves_the_lines_whole(): void {
    let written = '';
    const write = (text: string) => {
      written += text;
    };
    const output = { write, colours: false, isTerminal: true };
    const reporter = createTreeReporter({
      stdout: output,
      stderr: output,
      rtErrors: false,
      tracebackFormat: 'plain',
    });

    reporter.event(started('m.C.test_x'));
    reporter.event({ type: 'testSlow', id: 'm.C.test_x', seconds: 2 });
    output.write('notice\n');
    reporter.event(finished('m.C.test_x', 'success'));

    this.assertEqual(written.split('\n').slice(2, -1), [
      '    test_x ... ',
      'notice',
      labelled('    test_x ... ', '[OK]'),
    ]);
  }

  test_a_notice_elsewhere_leaves_the_report_alone(): void {
    const events = [started('m.C.test_x'), { type: 'testSlow', id: 'm.C.test_x', seconds: 2 } as const];

    const text = printed(createTreeReporter, run(...events, finished('m.C.test_x', 'success')));

    this.assertEqual(text.split('\n')[2], labelled('    test_x ... ', '[OK]'));
  }

  test_flaky_tests_have_a_label_and_all_attempts(): void {
    const attempt = { startedAt: 0, duration: 0.5, position: 3 };
    const first = { ...attempt, outcomes: [error('early')], after: 'm.C.test_w' };
    const second = { ...attempt, outcomes: [{ kind: 'success' } as const], after: 'm.C.test_x' };
    const flaky = { ...finished('m.C.test_x', 'success'), flaky: true, attempts: [first, second] } as TestEvent;

    const text = printed(createTreeReporter, [
      runStarted(),
      started('m.C.test_x'),
      flaky,
      runFinished({ successes: 3, flaky: 1 }),
    ]);

    this.assertSubstring(labelled('    test_x ... ', '[FLAKY]'), text);
    this.assertSubstring(
      '[FLAKY]\nAttempt 1 of 2: [ERROR] after m.C.test_w (test 3), in 0.500s\nError: early\n    at f (/x.ts:1:2)\n' +
        'Attempt 2 of 2: [OK] right after itself (test 3), in 0.500s\n\nm.C.test_x\n',
      text,
    );
    this.assertSubstring('PASSED (flaky=1, successes=3)\n', text);
  }

  test_the_slowest_tests(): void {
    const events = ['a', 'b', 'c'].map((name, n) => ({
      ...finished(`m.C.test_${name}`, 'success'),
      duration: [0.25, 12.5, 3][n],
    })) as TestEvent[];

    const text = printed(createTreeReporter, run(...events), { durations: 2 });
    const all = printed(createTreeReporter, run(...events), { durations: 0 });

    this.assertSubstring('The 2 slowest of 3 tests:\n   12.500s  m.C.test_b\n    3.000s  m.C.test_c\n---', text);
    this.assertSubstring('    0.250s  m.C.test_a\n', all);
    this.assertNotSubstring('slowest', printed(createTreeReporter, run(...events)));
  }

  test_what_tests_print_moves_the_label(): void {
    const output = (text: string) => ({ type: 'output', stream: 'stdout', text }) as const;
    const events = run(
      [started('m.C.test_x'), output('one\ntwo'), finished('m.C.test_x', 'success')],
      [started('m.C.test_y'), output('three\n'), finished('m.C.test_y', 'success')],
    );

    const lines = printed(createTreeReporter, events).split('\n');

    this.assertEqual(lines.slice(2, 6), [
      '    test_x ... one',
      labelled('two', '[OK]'),
      '    test_y ... three',
      labelled('', '[OK]'),
    ]);
  }

  test_late_errors_and_what_could_not_be_loaded(): void {
    const late = { type: 'verdictAmended', id: 'm.C.test_x', outcomes: [error('late')] } as const;
    const broken = { type: 'loadError', id: 'n.ts', errorName: 'Error', message: 'no', stack: 'Error: no' } as const;
    const events = [
      ...test('m.C.test_x', 'success'),
      started('m.C.test_y'),
      late,
      finished('m.C.test_y', 'success'),
      broken,
    ];

    const lines = printed(createTreeReporter, run(events)).split('\n');

    this.assertEqual(lines.slice(2, 8), [
      labelled('    test_x ... ', '[OK]'),
      '    test_y ... ',
      labelled('m.C.test_x ... ', '[ERROR]'),
      labelled('', '[OK]'),
      labelled('n.ts ... ', '[ERROR]'),
      '',
    ]);
  }

  test_the_heading_of_an_outcome_says_what_brought_it_about(): void {
    const causes = ['assertion', 'error', 'logged', 'unhandled', 'late', 'timeout', 'death'] as const;
    const outcomes = causes.map((cause) => ({ ...error('same', cause === 'assertion' ? 'failure' : 'error'), cause }));
    const leak = { ...error('same'), cause: 'leak' as const };
    const text = printed(createTreeReporter, run(test('m.C.test_x', ...outcomes), test('m.C.test_y', leak)));

    this.assertEqual(
      text
        .slice(text.indexOf(DOUBLE))
        .split('\n')
        .filter((line) => line.startsWith('[')),
      [
        '[FAIL]',
        '[ERROR]',
        '[ERROR] (logged error)',
        '[ERROR] (unhandled error)',
        '[ERROR] (late error)',
        '[ERROR] (timeout)',
        '[ERROR] (death)',
        '[ERROR] (leak)',
      ],
    );
  }

  test_what_is_left_behind_beside_a_failure_is_a_note_to_it(): void {
    const leak = { ...error('left'), cause: 'leak' as const };
    const text = printed(createTreeReporter, run(test('m.C.test_x', error('wrong', 'failure'), leak)));

    this.assertSubstring('(/x.ts:1:2)\n\nIt also left something behind:\nError: left\n', text);
    this.assertEqual(text.split(DOUBLE).length, 2);
  }

  test_leaks_that_are_allowed_are_counted(): void {
    const ended = { ...finished('m.C.test_x', 'success'), allowedLeaks: ['timer', 'undici', 'timer'] };
    const text = printed(createTreeReporter, run(started('m.C.test_x'), ended));

    this.assertSubstring('Left behind, and allowed: timer 2, undici 1\n', text);
  }

  test_what_tests_print_is_captured(): void {
    const by = (id: string, stream: 'stdout' | 'stderr' | 'log', text: string) =>
      ({ type: 'output', id, stream, text }) as const;
    const [x, y, z] = ['m.C.test_x', 'm.C.test_y', 'm.C.test_z'] as const;
    const text = printed(
      createTreeReporter,
      run(
        { type: 'output', stream: 'stdout', text: 'nobody\n' },
        [started(x), by(x, 'stdout', 'one '), by(x, 'stdout', 'two\n')],
        { ...finished(x, error('no'), error('no', 'failure')), log: '/home/_trial_temp/x.log' } as TestEvent,
        [started(y), by(y, 'stdout', 'quiet\n'), by(x, 'stderr', 'late\n'), finished(y, 'success')],
        [started(z), by(z, 'log', '[-] three'), finished(z, error('no'))],
        [by(y, 'stdout', 'forgotten\n'), { type: 'verdictAmended', id: y, outcomes: [error('no')], log: '/y.log' }],
      ),
      { capture: true, cwd: '/home' },
    );

    this.assertTrue(text.startsWith('nobody\nm\n  C\n    test_x ... '));
    this.assertEqual(
      text.slice(text.indexOf(DOUBLE), text.lastIndexOf(SINGLE)),
      [
        ...[DOUBLE, '[FAIL]', 'Error: no', '    at f (/x.ts:1:2)', '', x, '  output: _trial_temp/x.log'],
        ...['    one two', '    late'],
        ...[DOUBLE, '[ERROR]', 'Error: no', '    at f (/x.ts:1:2)', '', x, '  output: _trial_temp/x.log'],
        ...[z, '  output:', '    [-] three', y, '  output: /y.log', ''],
      ].join('\n'),
    );
  }

  test_equal_errors_are_told_once(): void {
    const events = [
      ...test('m.C.test_x', error('one')),
      ...test('m.C.test_y', error('two', 'failure')),
      ...test('m.C.test_z', error('one')),
    ];
    const text = printed(createTreeReporter, [runStarted(), ...events, runFinished({ errors: 2, failures: 1 }, 1)]);

    this.assertSubstring(
      [
        '',
        DOUBLE,
        '[FAIL]',
        'Error: two',
        '    at f (/x.ts:1:2)',
        '',
        'm.C.test_y',
        DOUBLE,
        '[ERROR]',
        'Error: one',
        '    at f (/x.ts:1:2)',
        '',
        'm.C.test_x',
        'm.C.test_z',
        SINGLE,
        'Ran 3 tests in 0.012s',
        '',
        'FAILED (failures=1, errors=2)',
        '',
      ].join('\n'),
      text,
    );
  }

  test_reasons(): void {
    const text = printed(
      createTreeReporter,
      run(
        test('m.C.test_x', { kind: 'unexpectedSuccess', reason: 'later' }),
        test('m.C.test_y', { ...error('known'), kind: 'expectedFailure', reason: 'soon' }),
        test('m.C.test_z', { kind: 'skip', reason: 'why' }),
      ),
    );

    this.assertSubstring(
      `${DOUBLE}\n[SKIPPED]\nwhy\n\nm.C.test_z\n${DOUBLE}\n[TODO]\nReason: 'soon'\nError: known\n`,
      text,
    );
    this.assertSubstring(`${DOUBLE}\n[SUCCESS!?!]\nReason: 'later'\n\nm.C.test_x\n${SINGLE}\n`, text);
  }

  test_verdicts(): void {
    for (const [finish, verdict] of [
      [runFinished(), 'PASSED'],
      [runFinished({ unexpectedSuccesses: 1 }), 'PASSED (unexpectedSuccesses=1)'],
      [
        runFinished({ successes: 6, unexpectedSuccesses: 5, errors: 4, failures: 3, expectedFailures: 2, skips: 1 }, 1),
        'FAILED (skips=1, expectedFailures=2, failures=3, errors=4, unexpectedSuccesses=5, successes=6)',
      ],
      [runFinished({ successes: 1 }, 130), 'INTERRUPTED (successes=1)'],
    ] as const) {
      this.assertTrue(printed(createTreeReporter, [runStarted(), finish]).endsWith(`s\n\n${verdict}\n`), verdict);
    }
  }

  test_the_last_pass_is_summed_up(): void {
    const skipped = { kind: 'skip', reason: 'first' } as const;
    const text = printed(createTreeReporter, run(test('m.C.test_x', skipped), test('m.C.test_x', 'success')));

    this.assertSubstring('Test Pass 2\nm\n  C\n', text);
    this.assertNotSubstring('first', text);
    this.assertSubstring('Ran 1 tests', text);
  }

  test_what_failed_in_an_earlier_pass_is_told_and_in_which(): void {
    const passes = [error('first'), 'success', error('first'), 'success'] as const;
    const events = passes.flatMap((outcome) => [...test('m.C.test_x', outcome), ...test('m.C.test_y', 'success')]);
    const failed = { ...runFinished({ successes: 2 }, 1), failedPasses: [1, 3] };

    const text = printed(createTreeReporter, [runStarted(), ...events, failed]);

    const end = `${SINGLE}\n2 of 4 passes failed: 1, 3\n${SINGLE}\nRan 2 tests in 0.012s\n\nFAILED (successes=2)\n`;
    this.assertTrue(text.endsWith(`\nm.C.test_x\n${end}`), text);
    this.assertEqual(text.split('Error: first').length, 2);
  }

  test_of_very_many_passes_that_failed_the_first_are_named(): void {
    const failedPasses = Array.from({ length: 25 }, (_, i) => i + 1);

    const text = printed(createTreeReporter, [runStarted(), { ...runFinished({}, 1), failedPasses }]);

    this.assertSubstring(' 19, 20, and 5 more\n', text);
  }

  async test_colours_are_where_they_are_wanted(): Promise<void> {
    await loadColours();
    const events = run(test('m.C.test_x', 'success'), test('m.C.test_y', 'failure'));

    this.assertNotSubstring('\x1b', printed(createTreeReporter, events));
    const text = printed(createTreeReporter, events, { colours: true });
    this.assertSubstring(`${' '.repeat(60)}\x1b[1m\x1b[32m[OK]\x1b[39m\x1b[22m\n`, text);
    this.assertSubstring('\x1b[1m\x1b[31m[FAIL]\x1b[39m\x1b[22m\n', text);
  }

  test_a_seed_is_told(): void {
    const text = printed(createTreeReporter, [runStarted({ seed: 7 }), runFinished()]);

    this.assertTrue(text.startsWith('Running tests shuffled with seed 7\n\n'));
  }
}
