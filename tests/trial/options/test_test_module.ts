import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestCase } from 'txtrial';
import type { Options } from '../../../src/trial/options/options.js';
import { readOptions } from '../../../src/trial/options/read.js';
import { testsOf } from '../../../src/trial/options/test_module.js';

export class TestsOfTests extends TestCase {
  folder = '';

  override setUp() {
    this.folder = resolve(this.mktemp());
    mkdirSync(this.folder);
  }

  selectors(name: string, text: string): readonly string[] {
    writeFileSync(join(this.folder, name), text);
    return testsOf(name, this.folder);
  }

  test_comment_names_tests() {
    this.assertEqual(this.selectors('a.ts', '// -*- test-case-name: tests.test_a, tests.test_b -*-\n'), [
      'tests.test_a',
      'tests.test_b',
    ]);
    this.assertEqual(
      this.selectors('b.ts', '#!/usr/bin/env node\n/* -*- mode: ts; test-case-name:tests/test_b.ts -*- */'),
      ['tests/test_b.ts'],
    );
  }

  test_comment_is_in_the_first_two_lines() {
    for (const text of ['\n\n// -*- test-case-name: tests.test_a -*-\n', '']) {
      const error = this.assertRaises(Error, () => this.selectors('a.ts', text));

      this.assertRegex(String(error), /^UsageError: No tests are named in a\.ts\. /);
    }
  }

  test_test_file_is_its_own() {
    this.assertEqual(this.selectors('test_a.ts', '// -*- test-case-name: other -*-'), ['test_a.ts']);
  }

  async test_its_tests_come_before_those_of_arguments() {
    this.selectors('a.ts', '// -*- test-case-name: tests.test_a -*-\n');

    const options = await readOptions(['tests/test_b.ts', '--testmodule', 'a.ts'], this.folder);

    this.assertEqual((options as Options).selectors, ['tests.test_a', 'tests/test_b.ts']);
  }

  test_no_file() {
    const error = this.assertRaises(Error, () => testsOf('none.ts', this.folder));

    this.assertEqual(error.name, 'UsageError');
  }
}
