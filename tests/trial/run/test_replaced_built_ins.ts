import { TestCase } from 'txtrial';
import { type ProjectRun, runProject } from '../../support/project.js';

const REPLACED = [
  'Array.prototype.push',
  'Array.prototype.map',
  'Array.prototype[Symbol.iterator]',
  'Map.prototype.set',
  'Map.prototype.get',
  'Set.prototype.add',
  'Set.prototype.has',
  'String.prototype.split',
  'RegExp.prototype.exec',
  'Function.prototype.call',
  'Function.prototype.apply',
  'Object.keys',
  'Object.defineProperty',
  'Reflect.get',
  'Reflect.apply',
  'Promise.prototype.then',
  'JSON.stringify',
  'Date.now',
  'EventEmitter.prototype.emit',
  'process.emit',
  'AsyncLocalStorage.prototype.run',
  'AsyncLocalStorage.prototype.getStore',
];

const NEIGHBOURS = `
  test_y_fails() { this.assertEqual([1], [2]); }
  async test_y_waits() { await new Promise((resolve) => setImmediate(resolve)); }
  async test_z_rejects() { void Promise.reject(new RangeError('lost')); }
  test_z_passes() {}`;

const OF_NEIGHBOURS = {
  'S.test_y_fails': ['failure FailTest'],
  'S.test_y_waits': ['success'],
  'S.test_z_rejects': ['error RangeError'],
  'S.test_z_passes': ['success'],
};

const HEAD = `
  import { EventEmitter } from 'node:events';
  import { AsyncLocalStorage } from 'node:async_hooks';
  const broken = function () { throw new Error('broken'); };
  const nothing = function () {};`;

const nameOf = (index: number) => `test_${String(index).padStart(2, '0')}`;

const run = (test: TestCase, methods: readonly string[], ...args: readonly string[]): Promise<ProjectRun> =>
  runProject(test, `${HEAD} export class S extends TestCase { static timeout = 5; ${methods.join('\n')} }`, ...args);

/** The first lines of the errors of a test. */
function messages({ events }: ProjectRun, id: string): string[] {
  return events
    .filter((event) => event.type === 'testFinished')
    .filter((event) => event.id.endsWith(`.${id}`))
    .flatMap((event) => event.outcomes)
    .map((outcome) => ('message' in outcome ? (outcome.message.split('\n')[0] ?? '') : outcome.kind));
}

export class ReplacedBuiltInTests extends TestCase {
  async test_each_that_throws_is_charged_to_the_test_that_replaced_it() {
    await this.#check(
      REPLACED.map((name, index) => `${nameOf(index)}() { ${name} = broken; }`),
      (name) => [`${name} was replaced by what throws, and not put back: Error: broken.`],
    );
  }

  async test_each_that_does_nothing_is_charged_to_the_test_that_replaced_it() {
    // What returns nothing may be a stub, and getStore often returns nothing.
    const may = ['AsyncLocalStorage.prototype.getStore'];
    await this.#check(
      REPLACED.map((name, index) => `${nameOf(index)}() { ${name} = nothing; }`),
      (name) =>
        may.includes(name)
          ? ['success']
          : [`${name} was replaced by what does not do its work, and not put back: function() {}.`],
    );
  }

  async test_what_goes_wrong_meanwhile_is_told_as_well() {
    // By `apply` Node itself calls listeners: it cannot tell of an error then.
    const replaced = REPLACED.filter((name) => name !== 'Function.prototype.apply');
    const body = `setTimeout(() => { throw new Error('own'); }, 1); await new Promise((resolve) => setTimeout(resolve, 5));`;
    await this.#check(
      replaced.map((name, index) => `async ${nameOf(index)}() { ${name} = broken; ${body} }`),
      (name) => ['own', `${name} was replaced by what throws, and not put back: Error: broken.`],
      replaced,
    );
  }

  async test_supervised() {
    await this.#check(
      REPLACED.map((name, index) => `${nameOf(index)}() { ${name} = broken; }`),
      (name) => [`${name} was replaced by what throws, and not put back: Error: broken.`],
      REPLACED,
      '--supervise',
    );
  }

  async #check(
    methods: readonly string[],
    wanted: (name: string) => readonly string[],
    replaced = REPLACED,
    ...args: readonly string[]
  ) {
    const ran = await run(this, [...methods, NEIGHBOURS], ...args);

    const got = replaced.map((name, index) => [name, ...messages(ran, nameOf(index)).sort()]);
    this.assertEqual(
      got,
      replaced.map((name) => [name, ...[...wanted(name)].sort()]),
    );
    for (const [id, outcomes] of Object.entries(OF_NEIGHBOURS))
      this.assertEqual([id, ran.outcomes[id]], [id, outcomes]);
    this.assertEqual([ran.status, ran.stderr, ran.loadErrors], [1, '', []]);
  }

  async test_the_error_says_where_and_what_to_do() {
    const ran = await run(this, ['test_a() { Map.prototype.set = broken; delete Array.prototype.find; }']);

    const [error] = ran.events.filter((event) => event.type === 'testFinished').flatMap((event) => event.outcomes);
    const { message = '', stack = '' } = error?.kind === 'error' ? error : {};
    this.assertEqual(message.split('\n'), [
      'Array.prototype.find was deleted, and not put back.',
      'Map.prototype.set was replaced by what throws, and not put back: Error: broken.',
      'All code relies on that. Trial has put it back; put back yourself what you replace: in the test, a cleanup or tearDown.',
    ]);
    this.assertRegex(stack, /Caused by: Error: broken\n {4}at .*test_sample\.ts:\d+:\d+/);
  }

  async test_what_is_put_back_in_time_is_no_concern() {
    const { outcomes, status } = await run(this, [
      `setUp() {
        const { push } = Array.prototype;
        const { stringify } = JSON;
        const { emit } = process;
        this.old = { push, emit };
        this.addCleanup(() => { JSON.stringify = stringify; });
        Array.prototype.push = broken;
        JSON.stringify = broken;
        process.emit = broken;
      }
      tearDown() { Array.prototype.push = this.old.push; process.emit = this.old.emit; }
      #isBroken() {
        let thrown = 0;
        try { [].push(1); } catch { thrown += 1; }
        try { JSON.stringify(1); } catch { thrown += 1; }
        try { process.emit('x'); } catch { thrown += 1; }
        if (thrown !== 3) throw new RangeError('It was put back too early.');
      }
      test_at_once() { this.#isBroken(); }
      async test_later() { await null; this.#isBroken(); await new Promise((resolve) => setTimeout(resolve, 2)); this.#isBroken(); }`,
    ]);

    this.assertEqual(outcomes, {
      'S.test_at_once': ['success'],
      'S.test_later': ['success'],
    });
    this.assertEqual(status, 0);
  }

  async test_what_does_the_work_may_stay() {
    const { outcomes, status } = await run(this, [
      `test_1() {
        Date.now = () => 0;
        globalThis.fetch = broken;
        JSON.stringify = () => '{}';
        queueMicrotask = (f) => { later.push(f); };
        const { push } = Array.prototype;
        Array.prototype.push = function (...items) { calls += 1; return Reflect.apply(push, this, items); };
      }
      test_2() { const before = calls; [].push(1); this.assertEqual([Date.now(), JSON.stringify(1), calls], [0, '{}', before + 1]); }`,
      `} let calls = 0; const later = []; {`,
    ]);

    this.assertEqual([outcomes, status], [{ 'S.test_1': ['success'], 'S.test_2': ['success'] }, 0]);
  }

  async test_others_are_put_back_at_the_next_look() {
    const ran = await run(this, ['test_a() { Array.prototype.flatMap = broken; Math.min = nothing; }', NEIGHBOURS]);

    for (const [id, outcomes] of Object.entries(OF_NEIGHBOURS))
      this.assertEqual([id, ran.outcomes[id]], [id, outcomes]);
    this.assertEqual([ran.status, ran.stderr, ran.loadErrors.length], [1, '', 1]);
    this.assertRegex(ran.loadErrors[0]?.message ?? '', /^Array\.prototype\.flatMap was replaced by what throws/);
  }

  async test_one_that_a_module_replaces_is_the_modules() {
    const ran = await runProject(
      this,
      `Map.prototype.get = () => {};
      Array.prototype.at = function (n) { return this[n < 0 ? this.length + n : n]; };
      export class S extends TestCase { test_z_passes() { this.assertEqual([1].at(-1), 1); } }`,
    );

    this.assertEqual([ran.outcomes, ran.status, ran.stderr], [{ 'S.test_z_passes': ['success'] }, 1, '']);
    this.assertEqual(ran.loadErrors.length, 1);
    this.assertRegex(
      ran.loadErrors[0]?.message ?? '',
      /^Map\.prototype\.get was replaced by what does not do its work/,
    );
  }

  async test_one_that_always_says_the_same_does_not_do_its_work() {
    const answers = ['WeakMap.prototype.has', 'Map.prototype.has', 'Array.isArray', 'RegExp.prototype.test'];
    for (const answer of ['true', 'false']) {
      const ran = await run(this, [
        `test_a() { ${answers.map((name) => `${name} = () => ${answer};`).join(' ')} }`,
        NEIGHBOURS,
      ]);

      const [problem] = ran.loadErrors;
      this.assertEqual((problem?.message ?? '').match(/does not do its work/g)?.length, answers.length);
      this.assertEqual(ran.outcomes['S.test_z_passes'], ['success']);
    }
  }

  async test_the_class_of_promises_that_come_of_others() {
    const ran = await run(this, [
      "test_a() { Object.defineProperty(Promise, Symbol.species, { get() { throw new Error('broken'); } }); }",
      NEIGHBOURS,
    ]);

    this.assertEqual(ran.outcomes['S.test_y_waits'], ['success'], ran.stderr);
    this.assertEqual([ran.status, ran.stderr], [1, '']);
    const said = [...messages(ran, 'test_a'), ...ran.loadErrors.map(({ message }) => message)].join();
    this.assertSubstring('Promise[Symbol.species] was replaced by what throws', said);
  }

  async test_ticks() {
    const ran = await run(this, ['test_a() { process.nextTick = broken; }', NEIGHBOURS]);

    this.assertEqual(ran.outcomes['S.test_y_waits'], ['success'], ran.stderr);
    this.assertEqual([ran.status, ran.stderr], [1, '']);
    const said = [...messages(ran, 'test_a'), ...ran.loadErrors.map(({ message }) => message)].join();
    this.assertSubstring('process.nextTick was replaced by what throws', said);
  }

  async test_what_all_objects_inherit_is_taken_away() {
    const ran = await run(this, [
      'test_a() { Object.prototype.get = 1; Object.prototype.line = 2; Map.prototype.set = broken; }',
      NEIGHBOURS,
    ]);

    this.assertEqual(messages(ran, 'test_a'), ['Object.prototype.get was added, and not taken away.']);
    for (const [id, outcomes] of Object.entries(OF_NEIGHBOURS))
      this.assertEqual([id, ran.outcomes[id]], [id, outcomes]);
    this.assertEqual([ran.status, ran.stderr, ran.loadErrors], [1, '', []]);
  }

  async test_a_frozen_process_makes_the_run_fail() {
    const ran = await run(this, ['test_a() { Object.freeze(process); }']);

    this.assertEqual([ran.outcomes, ran.status], [{ 'S.test_a': ['success'] }, 1]);
    this.assertEqual(ran.loadErrors.length, 1);
    this.assertRegex(ran.loadErrors[0]?.message ?? '', /^process was frozen/);
  }

  async test_without_leak_checks_it_is_put_back_quietly() {
    const ran = await run(this, ['test_a() { Map.prototype.set = broken; }', NEIGHBOURS], '--leaks=off');

    this.assertEqual(ran.outcomes, { 'S.test_a': ['success'], ...OF_NEIGHBOURS });
  }
}
