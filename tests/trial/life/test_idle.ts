import { TestCase, todo } from 'txtrial';
import { Deferred, reactor } from 'txtrial/internet';
import { Boom, OutcomeTestCase, throws } from '../../support/outcomes.js';
import { runProject } from '../../support/project.js';

export class OtherTestsTimersTests extends TestCase {
  /** What another test left behind, without keeping the process alive, is nothing to wait for. */
  async test_an_interval_of_another_test_can_not_come() {
    const { outcomes } = await runProject(
      this,
      `export class Sample extends TestCase {
        static allowLeaks = ['timer'];
        test_a() { setInterval(() => {}, 5).unref(); }
        test_b() { return new Deferred(); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['error TimeoutError'] });
  }
}

/** What is open without keeping the process alive may end a wait; what can bring nothing about does not make it longer. */
export class ReachableTests extends TestCase {
  async #outcomeOf(body: string, before = ''): Promise<readonly string[] | undefined> {
    const source = `import { spawn } from 'node:child_process';
      import { createSocket } from 'node:dgram';
      import { connect, createServer } from 'node:net';
      import { MessageChannel, Worker } from 'node:worker_threads';
      /** Outside of this process, in a while. */
      const later = (script) => spawn('sh', ['-c', 'sleep 0.2; ' + script], { stdio: 'ignore' });
      ${before}
      export class Sample extends TestCase { async test_a() { ${body} } }`;
    const { outcomes } = await runProject(this, source, '--timeout', '20', '--allow-leaks', 'process');
    return outcomes['Sample.test_a'];
  }

  async test_what_comes_from_outside(): Promise<void> {
    const bodies = {
      server: `const server = createServer(); server.listen(0, '127.0.0.1'); server.unref();
        await new Promise((done) => server.once('listening', done));
        later(process.execPath + ' -e "require(\\'net\\').connect(' + server.address().port + ')"').unref();
        await new Promise((done) => server.once('connection', (socket) => socket.destroy(done())));
        server.close();`,
      process: "const child = later('true'); child.unref(); await new Promise((done) => child.once('exit', done));",
      worker: `const worker = new Worker('setTimeout(() => {}, 200)', { eval: true }); worker.unref();
        await new Promise((done) => worker.once('exit', done));`,
      signal: `later('kill -WINCH ' + process.pid).unref(); await new Promise((done) => process.once('SIGWINCH', done));`,
    };
    for (const [what, body] of Object.entries(bodies)) {
      this.assertEqual(await this.#outcomeOf(body), ['success'], what);
    }
  }

  async test_a_timer_and_a_process_of_a_module(): Promise<void> {
    const timer = 'let done; setInterval(() => done?.(), 100).unref();';
    const child = "let done; const child = later('true').once('exit', () => done()); child.unref();";
    for (const before of [timer, child]) {
      this.assertEqual(await this.#outcomeOf('await new Promise((f) => { done = f; });', before), ['success'], before);
    }
  }

  async test_what_can_bring_nothing_about(): Promise<void> {
    const bodies = {
      'a channel':
        'const { port1 } = new MessageChannel(); await new Promise((done) => port1.on("message", done).unref());',
      'a server that was closed': `const server = createServer(); server.listen(0).unref();
        await new Promise((closed) => server.on('listening', () => server.close(closed))); await new Promise(() => {});`,
      'a listener': "await new Promise((done) => process.once('warning', done));",
    };
    for (const [what, body] of Object.entries(bodies)) {
      const begunMs = performance.now();
      this.assertEqual((await this.#outcomeOf(body))?.[0], 'error TimeoutError', what);
      this.assertLess(performance.now() - begunMs, 10_000, what);
    }
  }
}

export class NothingLeftTests extends OutcomeTestCase {
  async test_it_is_reported_at_once_like_a_timeout() {
    const steps: string[] = [];
    class Sample extends TestCase {
      override tearDown() {
        steps.push('tearDown');
      }

      test_it() {
        this.addCleanup(() => steps.push('cleanup'));
        return new Promise(() => {});
      }
    }

    const { errors, causes } = await this.outcomesOf(Sample, ['error TimeoutError']);

    this.assertSubstring('Sample.test_it (test_it) waits for something that can never come', String(errors[0]));
    this.assertEqual(causes, ['timeout']);
    this.assertEqual(steps, ['cleanup', 'tearDown']);
  }

  test_todo_is_honoured() {
    class Sample extends TestCase {
      @todo('why')
      test_it() {
        return new Deferred();
      }
    }

    return this.outcomesOf(Sample, ['expectedFailure TimeoutError (why)']);
  }

  test_in_every_step() {
    class Sample extends TestCase {
      override tearDown() {
        return new Deferred();
      }

      test_it() {
        this.addCleanup(() => new Deferred());
        this.addCleanup(throws(new Boom()));
      }
    }

    return this.outcomesOf(Sample, ['error Boom', 'error TimeoutError', 'error TimeoutError']);
  }

  async test_what_can_still_come_is_waited_for() {
    await this.outcomes(() => new Promise((resolve) => void setTimeout(resolve, 20)), 'success');
    await this.outcomes(() => new Promise((resolve) => void setTimeout(resolve, 20).unref()), 'success');
    await this.outcomes(() => {
      return new Promise((resolve) => AbortSignal.timeout(20).addEventListener('abort', resolve));
    }, 'success');
    await this.outcomes(() => {
      const d = new Deferred<void>();
      reactor.callLater(0.02, () => d.callback());
      return d;
    }, 'success');
  }

  test_an_unrefd_timer_that_was_cleared_can_not_come() {
    return this.outcomes(() => {
      clearTimeout(setTimeout(() => {}, 100_000).unref());
      return new Deferred();
    }, 'error TimeoutError');
  }
}
