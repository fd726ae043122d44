import { TestCase } from 'txtrial';
import { Boom, OutcomeTestCase } from '../../support/outcomes.js';

/** Whether the test is skipped when its method, instance and class have these; undefined: they have none. */
function isSkipped(values: { method?: unknown; instance?: unknown; class?: unknown }): boolean {
  class Sample extends TestCase {
    test_it() {}
  }
  Object.assign(Sample, { skip: values.class });
  Object.assign(Sample.prototype.test_it, { skip: values.method });
  const test = Object.assign(new Sample('test_it'), { skip: values.instance });
  return test.getSkip()[0];
}

function timeoutOf(value: unknown): number {
  class Sample extends TestCase {
    test_it() {}
  }
  Object.assign(Sample.prototype.test_it, { timeout: value });
  return new Sample('test_it').getTimeout();
}

export class AttributeTests extends OutcomeTestCase {
  test_the_nearest_that_is_set_decides() {
    this.assertTrue(isSkipped({ class: 'c' }));
    this.assertTrue(isSkipped({ instance: 'i' }));
    this.assertTrue(isSkipped({ method: 'm' }));
    this.assertFalse(isSkipped({ method: null, instance: 'i', class: 'c' }));
    this.assertFalse(isSkipped({ instance: false, class: 'c' }));
    this.assertTrue(isSkipped({ method: undefined, class: 'c' }));
    this.assertTrue(isSkipped({ method: '', class: null }));
  }

  test_whatever_is_not_no_skips() {
    for (const value of ['', 0, true, 'why']) this.assertTrue(isSkipped({ method: value }), String(value));
    this.assertFalse(isSkipped({}));
  }

  test_the_reason() {
    class Sample extends TestCase {
      static skip: unknown = 0;

      test_it() {}
    }

    this.assertEqual(new Sample('test_it').getSkip(), [true, '0']);
    Sample.skip = true;
    this.assertEqual(new Sample('test_it').getSkip(), [true, '']);
  }

  async test_a_class_hands_it_down_but_an_overriding_method_loses_it() {
    class Base extends TestCase {
      test_it() {
        throw new Boom();
      }

      test_other() {}
    }
    Object.assign(Base.prototype.test_it, { skip: 'why' });
    class Sub extends Base {
      override test_it(): never {
        throw new Boom();
      }
    }

    await this.outcomesOf(class extends Base {}, ['skip (why)']);
    await this.outcomesOf(Sub, ['error Boom']);
    Object.assign(Base, { skip: 'all' });
    await this.outcomesOf(Sub, ['skip (all)']);
  }

  async test_skip_is_read_before_set_up() {
    class Late extends TestCase {
      skip?: string;

      override setUp() {
        this.skip = 'late';
      }

      test_it() {}
    }
    class Early extends TestCase {
      skip = 'early';

      test_it() {}
    }

    await this.outcomesOf(Late, ['success']);
    await this.outcomesOf(Early, ['skip (early)']);
  }

  test_a_timeout_is_a_number_or_numeric_text_else_the_default() {
    this.assertEqual(timeoutOf(0.5), 0.5);
    this.assertEqual(timeoutOf('2.5'), 2.5);
    this.assertEqual(timeoutOf(0), 0);
    this.assertEqual(timeoutOf(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
    for (const value of [undefined, null, false, () => 1]) this.assertEqual(timeoutOf(value), 120, String(value));
    for (const value of [true, '', 'soon', {}]) {
      this.assertEqual(timeoutOf(value), 120, String(value));
      this.assertEqual(this.flushWarnings().length, 1, String(value));
    }
    for (const value of [Number.NaN, -1, '-1']) this.assertRaises(RangeError, timeoutOf, value);
  }
}
