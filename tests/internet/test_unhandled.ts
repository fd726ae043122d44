import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { Deferred } from 'txtrial/internet';

/** What a program without a runner says of failed Deferreds. */
export class UnhandledTests extends TestCase {
  async test_one_that_is_dropped_is_logged_when_it_is_collected(): Promise<void> {
    const said = await this.#run(`
      (() => { fail(new RangeError('dropped')); })();
      await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 50 && !told; i++) { gc(); await new Promise((resolve) => setImmediate(resolve)); }
      console.error('before the end', told);
    `);

    this.assertRegex(
      said,
      /^Unhandled error in Deferred:\nRangeError: dropped\n +at .*\n(.*\n)*before the end true\n$/,
    );
  }

  async test_one_that_is_still_held_is_logged_at_the_end(): Promise<void> {
    const said = await this.#run(`globalThis.held = fail(new RangeError('held')); console.error('end');`);

    this.assertRegex(said, /^end\nUnhandled error in Deferred:\nRangeError: held\n/);
  }

  async test_one_that_was_unpaused_too_often_is_logged(): Promise<void> {
    const said = await this.#run(`
      const d = new Deferred();
      d.unpause();
      d.errback(new RangeError('late'));
      d.pause();
      for (let i = 0; i < 2; i++) d.addCallback(() => undefined);
    `);

    this.assertRegex(said, /^Unhandled error in Deferred:\nRangeError: late\n/);
    this.assertEqual(said.match(/Unhandled error/g)?.length, 1);
  }

  async test_each_is_logged_once_also_after_process_exit(): Promise<void> {
    const said = await this.#run(`globalThis.held = fail(new Error('once')); fail('twice'); process.exit(0);`);

    this.assertEqual(said.match(/Unhandled error/g)?.length, 2);
  }

  async test_one_that_is_handled_in_time_is_not(): Promise<void> {
    const said = await this.#run(`
      const [now, later] = [fail(new Error('now')), fail(new Error('later'))];
      now.addErrback(() => undefined);
      const outer = succeed().addCallback(() => fail(new Error('handed over')));
      await outer.asPromise().catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      later.addErrback(() => undefined);
      gc();
    `);

    this.assertEqual(said, '');
  }

  async test_in_debugging_mode_it_says_where_it_was_made(): Promise<void> {
    const said = await this.#run(`setDebugging(true); fail(new Error('traced'));`);

    this.assertRegex(said, /^Unhandled error in Deferred:\nDeferred was created:\n.*program\.mjs:\d+/);
  }

  /** Runs a program by bare node. Fires with what it wrote on stderr. */
  #run(program: string): Deferred<string> {
    const file = `${this.mktemp()}-program.mjs`;
    writeFileSync(
      file,
      `import { Deferred, fail, setDebugging, succeed } from 'txtrial/internet';
       let told = false;
       const write = process.stderr.write.bind(process.stderr);
       process.stderr.write = (text) => { told ||= /Unhandled/.test(text); return write(text); };
       ${program}`,
    );
    const child = spawn(process.execPath, ['--expose-gc', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const done = new Deferred<string>(() => child.kill());
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('close', () => done.callback(said));
    return done;
  }
}
