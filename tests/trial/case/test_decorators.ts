import { description, skip, suppress, TestCase, Todo, timeout, todo } from 'txtrial';

export class DecoratorTests extends TestCase {
  test_on_methods() {
    class Sample extends TestCase {
      @skip('s') test_skip() {}
      @skip() test_skip_without_reason() {}
      @todo('t') test_todo() {}
      @todo('t', [TypeError]) test_todo_with_classes() {}
      @timeout(0.5) async test_timeout(): Promise<void> {}
      @description('What it shows') @skip('two') test_both() {}
    }

    this.assertEqual(new Sample('test_skip').getSkip(), [true, 's']);
    this.assertEqual(new Sample('test_skip_without_reason').getSkip(), [true, '']);
    this.assertEqual(new Sample('test_todo').getTodo(), new Todo('t'));
    this.assertEqual(new Sample('test_todo_with_classes').getTodo(), new Todo('t', [TypeError]));
    this.assertEqual(new Sample('test_timeout').getTimeout(), 0.5);
    this.assertEqual(new Sample('test_both').shortDescription(), 'What it shows');
    this.assertEqual(new Sample('test_both').getSkip(), [true, 'two']);
  }

  test_on_classes() {
    @skip('s')
    @timeout(3)
    class Sample extends TestCase {
      test_it() {}
    }
    @skip('other')
    class Sub extends Sample {}

    this.assertEqual(new Sample('test_it').getSkip(), [true, 's']);
    this.assertEqual(new Sample('test_it').getTimeout(), 3);
    this.assertEqual(new Sub('test_it').getSkip(), [true, 'other']);
    this.assertEqual(new Sub('test_it').getTimeout(), 3);
  }

  /** As TypeScript calls them with `experimentalDecorators`. */
  test_as_legacy_decorators() {
    class Sample extends TestCase {
      test_it() {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Sample.prototype, 'test_it') ?? {};

    this.assertIs(skip('s')(Sample.prototype, 'test_it', descriptor), undefined);
    this.assertIs(todo('t')(Sample), undefined);

    this.assertEqual(new Sample('test_it').getSkip(), [true, 's']);
    this.assertEqual(new Sample('test_it').getTodo(), new Todo('t'));
  }

  test_suppress_takes_one_or_more() {
    class Sample extends TestCase {
      @suppress([{ category: 'A' }], { message: /b/ })
      test_it() {}
    }

    this.assertEqual(Reflect.get(Sample.prototype.test_it, 'suppress'), [{ category: 'A' }, { message: /b/ }]);
  }

  test_bad_use_is_refused() {
    this.assertRaises(RangeError, timeout, -1);
    this.assertRaises(RangeError, timeout, Number.NaN);
  }

  test_short_description() {
    class Sample extends TestCase {
      @description('First line\nand more')
      test_described() {}
      test_it() {}
    }

    this.assertEqual(new Sample('test_described').shortDescription(), 'First line');
    this.assertEqual(new Sample('test_it').shortDescription(), 'test_it');
  }
}
