import { TestCase } from 'txtrial';
import { type Death, describeDeath, ProcessDiedError } from '../../../src/trial/supervise/death.js';

const HEAP = `printed
<--- Last few GCs --->
[1014:0x2a7cdcd0]      759 ms: Mark-Compact 45.9 (77.1) -> 45.5 (79.1) MB

FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0xb78db3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [/usr/bin/node]
`;

export class DescribeDeathTests extends TestCase {
  #text(exit: Death['exit'], output = '', memoryBytes?: number): string {
    return describeDeath({ exit, memoryBytes, output });
  }

  test_exit_code(): void {
    this.assertEqual(this.#text({ code: 3, signal: null }), 'It ended with exit code 3.');
  }

  test_signals(): void {
    this.assertRegex(this.#text({ code: null, signal: 'SIGKILL' }), /^It was killed by SIGKILL\. .*outside/);
    this.assertRegex(this.#text({ code: null, signal: 'SIGSEGV' }), /^It was killed by SIGSEGV\. .*native code\.$/);
    this.assertEqual(this.#text({ code: null, signal: 'SIGUSR2' }), 'It was killed by SIGUSR2.');
  }

  test_memory(): void {
    this.assertRegex(this.#text({ code: 1, signal: null }, '', 81_400_000), / It had 81 MB of memory\.$/);
    this.assertRegex(this.#text({ code: 1, signal: null }, '', 10), / It had 1 MB of memory\.$/);
  }

  test_a_full_heap(): void {
    const text = this.#text({ code: null, signal: 'SIGABRT' }, HEAP);
    this.assertRegex(text, /Its heap was full/);
    this.assertNotSubstring('native', text);
    this.assertEqual(text.split('\n').slice(1), ['  printed', `  ${HEAP.split('\n')[4]}`]);
  }

  test_only_the_end_of_long_output(): void {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i} ${'x'.repeat(1000)}`);
    const shown = this.#text({ code: 1, signal: null }, lines.join('\n')).split('\n').slice(1);
    this.assertEqual(shown.length, 12);
    this.assertRegex(shown.at(-1) ?? '', /^ {2}line 99 x+$/);
    this.assertTrue(shown.every((line) => line.length < 310));
  }

  test_one_that_could_not_be_started(): void {
    const error = new Error('spawn EAGAIN');
    this.assertRegex(this.#text({ code: null, signal: null, error }), /could not be started: spawn EAGAIN/);
  }
}

export class ProcessDiedErrorTests extends TestCase {
  test_it_has_no_frames(): void {
    const error = new ProcessDiedError('why');
    this.assertEqual([error.name, error.stack], ['ProcessDiedError', 'ProcessDiedError: why']);
  }
}
