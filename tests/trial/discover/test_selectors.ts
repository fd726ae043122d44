import { execFileSync } from 'node:child_process';
import fs, { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { ModuleIds } from '../../../src/trial/discover/module_id.js';
import { resolveSelector, type Wanted } from '../../../src/trial/discover/selectors.js';
import { loadErrors, type Run, Sandbox, verdicts } from '../load/sandbox.js';

const TEST = "import { TestCase } from 'txtrial';\nexport class FooTests extends TestCase { test_it() {} }\n";

/** Names that a shell, a glob or a dotted name would take for something else. */
const stem = fc.string({
  unit: fc.constantFrom('a', '_', '.', '[', ']', '*', '?', '{', ',', '}', '\\', ':', ' ', '!', '(', ')', '\n', 'ü'),
  maxLength: 5,
});
const extension = fc.constantFrom('ts', 'mts', 'cts', 'js', 'mjs', 'cjs');
const fileName = fc.oneof(
  fc.tuple(stem, extension).map(([name, end]) => `test_${name}.${end}`),
  fc.tuple(stem, extension).map(([name, end]) => `${name}.test.${end}`),
);
const folderName = fc.oneof(
  stem.map((name) => `test_${name}`),
  fc.constantFrom('a.b', 'a_b', 'test_a', 'inner'),
);
const file = fc
  .tuple(fc.array(folderName, { maxLength: 2 }), fileName)
  .map(([folders, name]) => [...folders, name].join('/'));

export class SelectableTests extends TestCase {
  async test_every_id_and_path_means_the_file_that_it_is_of() {
    const root = resolve(this.mktemp());
    const options = { cwd: root, recurse: true, tempDirectory: join(root, '_trial_temp') };
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { minLength: 1, maxLength: 8 }), async (names) => {
        rmSync(root, { recursive: true, force: true });
        const files = names.flatMap((name) => (write(join(root, name)) ? [join(root, name)] : []));
        const ids = new ModuleIds(root);
        const idOf = (path: string) => ids.of(path);

        this.assertEqual(new Set(files.map(idOf)).size, files.length);
        for (const path of files) {
          const id = idOf(path);
          this.assertFalse(id.includes('\n'));
          const test = await resolveSelector(`${id}.FooTests.test_it`, options, new ModuleIds(root));
          this.assertTrue(placesOf(test).includes(`${path}|FooTests.test_it`), `${id}: ${JSON.stringify(test)}`);
          const byPath = await resolveSelector(path.slice(root.length + 1), options, new ModuleIds(root));
          this.assertEqual(placesOf(byPath), [`${path}|`]);
          const named = await resolveSelector(`${path.slice(root.length + 1)}:FooTests`, options, new ModuleIds(root));
          this.assertEqual(placesOf(named), [`${path}|FooTests`]);
        }
      }),
      { numRuns: 150 },
    );
  }

  async test_what_is_listed_can_be_run() {
    const names = [
      'test_a.ts',
      'test_a.mts',
      'test_a_mts.ts',
      'test_a.b.ts',
      'test_a_b.ts',
      'test_[x].ts',
      'test_x.ts',
      'test_x/test_inner.ts',
      'test_x/FooTests.test.js',
      'a.b/test_c.js',
      'a_b/test_c.js',
      'test_{a,b}*?.ts',
    ];
    const project = new Sandbox(this, Object.fromEntries(names.map((name) => [name, TEST])));

    const listed = (await project.run({}, '--list', '.')).stdout.trim().split('\n');
    this.assertEqual([listed.length, new Set(listed).size], [names.length, names.length]);
    const run = await project.trial(...listed.toReversed());

    this.assertEqual(
      verdicts(run),
      listed.toReversed().map((id) => `${id} OK`),
    );
    this.assertEqual([run.status, run.stderr], [0, '']);
  }

  async test_classes_and_methods_with_dots_and_line_feeds() {
    const project = new Sandbox(this, {
      'test_odd.ts': `import { TestCase } from 'txtrial';
        export class FooTests extends TestCase { 'test_a.b'() {} 'test_c\\nd'() {} 'test_e\\\\nd'() {} }
        export class Bar extends TestCase { test_it() {} }
        Object.defineProperty(Bar, 'name', { value: 'Foo.Tests' });`,
    });
    const ids = ['Foo.Tests.test_it', 'FooTests.test_a.b', 'FooTests.test_c\\nd', 'FooTests.test_e\\\\nd'].map(
      (id) => `test_odd.${id}`,
    );

    this.assertEqual(
      verdicts(await project.trial('test_odd.ts')),
      ids.map((id) => `${id} OK`),
    );
    this.assertEqual(
      verdicts(await project.trial(...ids)),
      ids.map((id) => `${id} OK`),
    );
    const { stdout } = await project.trial('test_odd.ts', '--reporter', 'bwverbose');
    this.assertSubstring('\ntest_odd.FooTests.test_c\\nd ... [OK]\n', stdout);
  }
}

export class SameNameTests extends TestCase {
  files = { 'test_a.ts': TEST, 'test_a.mts': TEST.replace('{}', "{ throw new Error('in the other one'); }") };

  async test_two_files_that_differ_in_their_extensions() {
    const project = new Sandbox(this, this.files);

    const run = await project.trial('.');

    this.assertEqual(verdicts(run), [
      'test_a.FooTests.test_it OK',
      'test_a_mts.FooTests.test_it error: in the other one',
    ]);
    this.assertEqual(verdicts(await project.trial('test_a.mts')), verdicts(run).slice(1));
    for (const reporter of ['verbose', 'bwverbose', 'text', 'timing']) {
      const { stdout } = await project.trial('.', '--reporter', reporter);
      this.assertNotSubstring('Test Pass', stdout);
      this.assertSubstring('in the other one', stdout);
      this.assertSubstring('Ran 2 tests', stdout);
    }
  }

  async test_a_file_outside_that_is_called_as_one_inside() {
    const project = new Sandbox(this, {
      'in/test_a.ts': TEST,
      'in/package.json': '{}',
      'out/test_a.ts': TEST,
      'out/package.json': '{}',
    });
    const { root } = project;
    const inside = Object.assign(Object.create(project), { root: join(root, 'in') }) as Sandbox;

    const run = await inside.trial('test_a.ts', '../out/test_a.ts');

    this.assertEqual(verdicts(run), ['test_a.FooTests.test_it OK', 'test_a_2.FooTests.test_it OK']);
  }
}

export class UnreadableTests extends TestCase {
  async told(project: Sandbox, ...args: string[]): Promise<Run & { readonly errors: readonly string[] }> {
    const run = await project.trial(...args);
    return { ...run, errors: loadErrors(run).map(({ message }) => message) };
  }

  async test_links_to_nowhere_and_to_themselves() {
    const project = new Sandbox(this, { 'tests/test_a.ts': TEST });
    symlinkSync('gone.ts', project.path('tests/test_gone.ts'));
    symlinkSync('test_loop.ts', project.path('tests/test_loop.ts'));
    symlinkSync('somebody@somewhere', project.path('tests/.#test_a.test.ts'));
    const gone = 'tests/test_gone.ts is a symbolic link to gone.ts, which does not exist';
    const loop = 'tests/test_loop.ts is a symbolic link that leads back to itself (ELOOP)';

    const run = await this.told(project, 'tests');
    this.assertEqual([run.errors.toSorted(), run.status, verdicts(run).length], [[gone, loop], 1, 1]);
    for (const [name, message] of [
      ['tests/test_gone.ts', gone],
      ['tests/test_loop.ts', loop],
    ] as const) {
      const { status, stderr } = await project.trial(name);
      this.assertEqual([status, stderr], [2, `trial: ${message}\n`]);
    }
  }

  async test_what_is_no_file() {
    const project = new Sandbox(this, { 'tests/test_a.ts': TEST });
    execFileSync('mkfifo', [project.path('tests/test_fifo.ts')]);

    for (const name of ['tests/test_fifo.ts', 'tests.test_fifo', 'tests.test_fifo.FooTests']) {
      const { status, stderr } = await project.trial(name);
      this.assertEqual([status, stderr], [2, 'trial: tests/test_fifo.ts is a named pipe, not a file\n']);
    }
  }

  async test_folders_that_cannot_be_read() {
    const root = resolve(this.mktemp());
    write(join(root, 'tests/inner/test_a.ts'));
    write(join(root, 'tests/test_b.ts'));
    const { readdirSync } = fs;
    this.patch(fs, 'readdirSync', ((path: string, ...rest: never[]) => {
      if (path.endsWith('inner'))
        throw Object.assign(new Error(`EACCES: permission denied, scandir '${path}'`), { code: 'EACCES' });
      return Reflect.apply(readdirSync, fs, [path, ...rest]);
    }) as never);

    const options = { cwd: root, recurse: true, tempDirectory: join(root, '_trial_temp') };
    this.assertEqual(await resolveSelector('tests', options, new ModuleIds(root)), {
      kind: 'files',
      files: [join(root, 'tests/test_b.ts')],
      unread: [{ file: join(root, 'tests/inner'), why: 'cannot be read: permission denied (EACCES)' }],
    });
  }

  async test_without_permission() {
    if (process.getuid?.() === 0) this.skipTest('root may read everything');
    const project = new Sandbox(this, {
      'tests/test_a.ts': TEST,
      'tests/test_b.ts': TEST,
      'tests/inner/test_c.ts': TEST,
    });
    fs.chmodSync(project.path('tests/test_b.ts'), 0);
    fs.chmodSync(project.path('tests/inner'), 0);
    this.addCleanup(() => fs.chmodSync(project.path('tests/inner'), 0o700));

    const run = await this.told(project, 'tests');

    this.assertEqual(
      [run.errors, run.status, verdicts(run).length],
      [
        [
          'tests/inner cannot be read: permission denied (EACCES)',
          'tests/test_b.ts cannot be read: permission denied (EACCES)',
        ],
        1,
        1,
      ],
    );
    const alone = await project.trial('tests/test_b.ts');
    this.assertEqual(
      [alone.status, alone.stderr],
      [2, 'trial: tests/test_b.ts cannot be read: permission denied (EACCES)\n'],
    );
  }
}

/** Writes a test file; false where a folder or file of that name is in the way. */
function write(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, TEST);
    return true;
  } catch {
    return false;
  }
}

function placesOf(wanted: Wanted): string[] {
  return wanted.kind === 'file' ? wanted.places.map(({ file, name }) => `${file}|${name}`) : [];
}
