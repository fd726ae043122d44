import { mkdirSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { mayBeConfigured, SUPERVISOR, superviseWish, takeSupervisor } from '../../../src/trial/supervise/wish.js';

export class SuperviseWishTests extends TestCase {
  #wish(argv: string, env: Record<string, string> = {}, execArgv: string[] = []): string {
    return superviseWish(
      argv.split(' ').filter((text) => text !== ''),
      env,
      execArgv,
    );
  }

  test_arguments(): void {
    this.assertEqual(this.#wish('test_a.ts'), 'if configured');
    this.assertEqual(this.#wish('test_a.ts --supervise'), 'at once');
    this.assertEqual(this.#wish('--no-supervise test_a.ts', { CI: '1' }), 'never');
    this.assertEqual(this.#wish('--supervise --no-supervise'), 'never');
    this.assertEqual(this.#wish('--no-supervise --supervise'), 'at once');
    this.assertEqual(this.#wish('-- --supervise'), 'if configured');
  }

  test_what_only_prints_is_never_supervised(): void {
    for (const option of ['-h', '--help', '--help-orders', '--version', '--list']) {
      this.assertEqual(this.#wish(`--supervise ${option}`, { CI: '1' }), 'never', option);
    }
  }

  test_ci(): void {
    for (const [CI, wish] of [
      ['true', 'unless configured'],
      ['1', 'unless configured'],
      ['0', 'if configured'],
      ['', 'if configured'],
      ['false', 'if configured'],
    ] as const) {
      this.assertEqual(this.#wish('', { CI }), wish, `CI=${CI}`);
    }
  }

  test_not_by_itself_while_node_is_debugged(): void {
    this.assertEqual(this.#wish('', { CI: '1' }, ['--inspect-brk=0']), 'if configured');
    this.assertEqual(this.#wish('', { CI: '1', NODE_OPTIONS: '--no-warnings --inspect' }), 'if configured');
    this.assertEqual(this.#wish('--supervise', { CI: '1' }, ['--inspect']), 'at once');
  }
}

export class MayBeConfiguredTests extends TestCase {
  #isIt(files: Record<string, string>): boolean {
    const folder = this.mktemp();
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
    return mayBeConfigured(() => folder);
  }

  test_files(): void {
    this.assertTrue(this.#isIt({ 'trial.config.ts': '' }));
    this.assertTrue(this.#isIt({ 'package.json': '{ "trial": { "supervise": false } }' }));
    this.assertFalse(this.#isIt({ 'package.json': '{ "trial": { "timeout": 3 } }' }));
    this.assertFalse(this.#isIt({}));
  }

  test_a_directory_that_is_gone(): void {
    const gone = () => {
      throw new Error('ENOENT');
    };
    this.assertFalse(mayBeConfigured(gone));
  }
}

export class TakeSupervisorTests extends TestCase {
  test_the_sign_is_taken_from_the_environment(): void {
    const env: Record<string, string | undefined> = { [SUPERVISOR]: '12', OTHER: 'x' };
    this.assertEqual(takeSupervisor(env), { supervisor: 12, again: false });
    this.assertEqual(env, { OTHER: 'x' });
    this.assertEqual(takeSupervisor(env), undefined);
    this.assertEqual(takeSupervisor({ [SUPERVISOR]: '12 again' }), { supervisor: 12, again: true });
  }
}
