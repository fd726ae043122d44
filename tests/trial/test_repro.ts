import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestCase } from 'txtrial';
import { DEFAULTS } from '../../src/trial/options/options.js';
import { type ReproOptions, reproCommand } from '../../src/trial/repro.js';

export class ReproTests extends TestCase {
  #cwd = '';

  override setUp(): void {
    this.#cwd = resolve(this.mktemp());
    mkdirSync(join(this.#cwd, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(join(this.#cwd, 'node_modules', '.bin', 'trial'), '');
  }

  test_a_test(): void {
    this.assertEqual(this.command(), 'npx trial tests.test_x.FooTests.test_y');
  }

  test_what_a_test_may_need_to_fail_again(): void {
    const command = this.command({
      randomSeed: 5,
      timeoutSeconds: 0.5,
      network: 'loopback',
      imports: ['./a.js', './b c.js'],
      chdir: false,
      uncleanWarnings: true,
      forceGc: true,
      untilFailure: true,
    });

    this.assertEqual(
      command,
      'npx trial -z 5 --until-failure --timeout 0.5 --network loopback --unclean-warnings --force-gc ' +
        "--import ./a.js --import './b c.js' --no-chdir tests.test_x.FooTests.test_y",
    );
  }

  test_one_that_failed_twice_is_named_once(): void {
    const failed = ['a', 'b', 'a'].map((name) => ({ id: `m.C.test_${name}`, file: join(this.#cwd, 'm.ts') }));

    this.assertEqual(reproCommand(this.options(), failed), 'npx trial m.C.test_a m.C.test_b');
  }

  test_ids_are_quoted_for_a_shell(): void {
    const failed = [{ id: "m.C.test it's $HOME", file: join(this.#cwd, 'm.ts') }];

    this.assertEqual(reproCommand(this.options(), failed), "npx trial 'm.C.test it'\\''s $HOME'");
  }

  test_an_id_that_looks_like_an_option(): void {
    const failed = [{ id: '-m.C.test', file: join(this.#cwd, '-m.ts') }];

    this.assertEqual(reproCommand(this.options(), failed), 'npx trial -- -m.C.test');
  }

  test_a_file_outside_of_the_directory_is_named_by_its_path(): void {
    const failed = [{ id: 'tests.test_x.FooTests.test_y', file: '/elsewhere/tests/test_x.ts' }];

    this.assertEqual(reproCommand(this.options(), failed), 'npx trial /elsewhere/tests/test_x.ts:FooTests.test_y');
  }

  test_dots_in_names_of_one_that_lies_outside(): void {
    const command = (id: string, file: string) =>
      reproCommand(this.options(), [{ id, file }]).slice('npx trial '.length);

    const file = '/elsewhere/test_x.y.mts';
    this.assertEqual(command('a.test_x_y.FooTests.test.a.b', file), `${file}:FooTests.test.a.b`);
    this.assertEqual(command('a.test_x_y_mts.FooTests.test_a', file), `${file}:FooTests.test_a`);
    this.assertEqual(command('test_x_y.test_x_y.FooTests.test.test_x_y.a', file), `${file}:FooTests.test.test_x_y.a`);
  }

  test_what_could_not_be_loaded(): void {
    this.assertEqual(reproCommand(this.options(), [{ id: 'tests/test_x.ts' }]), 'npx trial tests/test_x.ts');
  }

  test_the_run_itself(): void {
    this.assertEqual(reproCommand(this.options(), [{ id: 'trial' }]), 'npx trial tests');
  }

  test_of_many_some_are_named(): void {
    const failed = Array.from({ length: 500 }, (_, n) => ({ id: `m.C.test_${n}`, file: join(this.#cwd, 'm.ts') }));

    this.assertEqual(reproCommand(this.options(), failed).split(' ').length, 12);
  }

  private command(more: Partial<ReproOptions> = {}): string {
    const file = join(this.#cwd, 'tests/test_x.ts');
    return reproCommand(this.options(more), [{ id: 'tests.test_x.FooTests.test_y', file }]);
  }

  private options(more: Partial<ReproOptions> = {}): ReproOptions {
    return { ...DEFAULTS, cwd: this.#cwd, selectors: ['tests'], ...more };
  }
}
