import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { TestCase } from 'txtrial';
import { OutcomeTestCase, withBody } from '../../support/outcomes.js';

const Sample = withBody(() => {});

export class NameTests extends TestCase {
  test_id_of_a_test_of_a_suite() {
    this.assertEqual(this.id(), 'tests.trial.case.test_synchronous_test_case.NameTests.test_id_of_a_test_of_a_suite');
  }

  test_id_outside_of_a_suite() {
    this.assertEqual(new Sample('test_it').id(), 'Sample.test_it');
    this.assertEqual(new Sample('test_it').countTestCases(), 1);
  }
}

export class TemporaryPathTests extends TestCase {
  test_the_path_does_not_exist_and_its_parent_does() {
    const path = this.mktemp();

    this.assertFalse(isAbsolute(path));
    this.assertFalse(existsSync(path));
    this.assertTrue(existsSync(dirname(path)));
    this.assertRegex(path, /test_synchronous_test_case\W+TemporaryPathTests\W+\w+\W/);
  }

  test_it_is_another_one_each_time() {
    this.assertNotEqual(this.mktemp(), this.mktemp());
  }
}

export class PatchTests extends OutcomeTestCase {
  async test_cleanups_undo_it_before_tear_down() {
    const target = { value: 1 };
    const seen: unknown[] = [];
    class Patching extends TestCase {
      override tearDown() {
        seen.push(target.value);
      }

      test_it() {
        this.patch(target, 'value', 2);
        this.patch(target, 'value', 3);
        seen.push(target.value);
      }
    }

    await this.outcomesOf(Patching, ['success']);

    this.assertEqual(seen, [3, 1]);
  }

  test_restore_may_be_called_early_and_once() {
    const target = { value: 1 };

    const patch = this.patch(target, 'value', 2);
    patch.restore();
    target.value = 5;
    patch.restore();

    this.assertEqual(target.value, 5);
  }

  test_what_was_not_there_is_gone_again() {
    const target: { value?: number } = {};

    this.patch(target, 'value', 2).restore();

    this.assertNotIn('value', target);
  }

  test_inherited_methods_and_accessors() {
    class Base {
      get one(): number {
        return 1;
      }

      two(): number {
        return 2;
      }
    }
    const object = new Base();

    const patches = [this.patch(object, 'one', 10), this.patch(object, 'two', () => 20)];
    this.assertEqual([object.one, object.two()], [10, 20]);
    for (const patch of patches) patch.restore();

    this.assertEqual([object.one, object.two()], [1, 2]);
    this.assertEqual(Object.keys(object), []);
  }

  test_the_environment() {
    this.assertNotIn('TXTRIAL_PATCHED', process.env);

    const patch = this.patch(process.env, 'TXTRIAL_PATCHED', 'yes');
    this.assertEqual(process.env.TXTRIAL_PATCHED, 'yes');
    patch.restore();

    this.assertNotIn('TXTRIAL_PATCHED', process.env);
  }

  async test_exports_of_a_module_can_not_be_patched() {
    const module: Record<string, unknown> = await import('../../support/outcomes.js');

    const error = this.assertRaises(TypeError, () => this.patch(module, 'record', () => {}));

    this.assertSubstring('cannot be patched', error.message);
  }
}

export class SignalTests extends OutcomeTestCase {
  test_it_is_not_aborted_when_all_goes_well() {
    let signal: AbortSignal | undefined;
    return this.outcomes((test) => {
      signal = test.signal;
      test.addCleanup(() => test.assertFalse(signal?.aborted));
    }, 'success');
  }

  test_a_cleanup_must_be_a_function() {
    this.assertRaises(TypeError, () => this.addCleanup(undefined as never));
  }
}
