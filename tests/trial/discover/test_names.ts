import { join } from 'node:path';
import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { byCodePoint } from '../../../src/trial/code_points.js';
import { ModuleIds } from '../../../src/trial/discover/module_id.js';
import { nearest } from '../../../src/trial/discover/nearest.js';
import { randomNumbers, shuffled } from '../../../src/trial/discover/random.js';
import { isModuleFile, isTestFile } from '../../../src/trial/discover/walk.js';

export class ByCodePointTests extends TestCase {
  test_orders_as_the_code_points_do() {
    const points = (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
    const compare = (a: number[], b: number[]) => {
      const i = a.findIndex((point, at) => point !== b[at]);
      return i < 0 ? a.length - b.length : (a[i] ?? 0) - (b[i] ?? -1);
    };
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', '_', '\u{1f600}', '\u{1f601}', '\ue000', '\uffff', 'é') });

    fc.assert(
      fc.property(text, text, (a, b) => Math.sign(byCodePoint(a, b)) === Math.sign(compare(points(a), points(b)))),
    );
  }
}

export class ModuleIdTests extends TestCase {
  test_path_from_the_directory() {
    this.assertEqual(new ModuleIds('/a/b').of('/a/b/tests/test_x.ts'), 'tests.test_x');
    this.assertEqual(new ModuleIds('/a/b').of('/a/b/v1.2/x.test.mts'), 'v1_2.x_test');
    this.assertEqual(new ModuleIds('/a/b').of('/a/b/..c/x.ts'), '__c.x');
  }

  test_outside_of_it() {
    this.assertEqual(new ModuleIds('/a/b').of('/nowhere/at/all/x.ts'), 'x');
    this.assertEqual(new ModuleIds('/a/b').of(join(import.meta.dirname, 'test_x.ts')), 'tests.trial.discover.test_x');
  }
}

export class NearestTests extends TestCase {
  test_close_ones_come_first() {
    const names = ['test_client', 'test_clients', 'test_server', 'test_failure'];

    this.assertEqual(nearest('test_clinet', names), ['test_client', 'test_clients']);
    this.assertEqual(nearest('TEST_CLIENT', names), ['test_client', 'test_clients']);
    this.assertEqual(nearest('xyz', names), []);
    this.assertEqual(nearest('', []), []);
  }
}

export class FileNamesTests extends TestCase {
  test_test_files() {
    const found = ['test_a.ts', 'test_a.b.cjs', 'a.test.mts', 'a.spec.tsx', 'test_.js'];
    const others = [
      'a.ts',
      'testa.ts',
      'test_a.tsx',
      'test_a.d.ts',
      'a.test.d.mts',
      'test_a.json',
      'test_a',
      'a.tests.ts',
    ];

    this.assertEqual([...found, ...others].filter(isTestFile), found);
  }

  test_module_files() {
    const found = ['a.ts', 'a.mts', 'a.cts', 'a.js', 'a.mjs', 'a.cjs', 'd.ts'];

    this.assertEqual([...found, 'a.d.ts', 'a.json', 'a.txt', 'a.css.d.ts', 'ts'].filter(isModuleFile), [...found]);
  }
}

export class RandomTests extends TestCase {
  test_known_numbers() {
    const next = randomNumbers(42);

    this.assertEqual(
      [next(100), next(100), next(100), next(100)],
      [60, 44, 85, 66],
      'The order of a seed is documented: it must stay as it is.',
    );
  }

  test_shuffled_holds_the_same() {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const mixed = shuffled(items, seed);
        this.assertCountEqual(mixed, items);
        this.assertEqual(shuffled(items, seed), mixed);
      }),
    );
  }

  test_every_place_is_as_likely() {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = shuffled(['a', 'b', 'c'], seed).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }

    this.assertEqual(counts.size, 6);
    for (const count of counts.values()) this.assertApproximates(count, 1000, 150);
  }
}
