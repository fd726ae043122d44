/** What the report of a timeout says of what the test waited for. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { TestCase } from 'txtrial';
import {
  ClientFactory,
  Deferred,
  DeferredList,
  deferLater,
  getDebugging,
  inlineCallbacks,
  Protocol,
  reactor,
  ServerFactory,
  setDebugging,
} from 'txtrial/internet';
import * as log from 'txtrial/log';
import { OutcomeTestCase } from '../../support/outcomes.js';
import { startProject } from '../../support/project.js';

/** Has little time, and something that keeps its wait from being one for nothing. */
class Hurried extends TestCase {
  static timeout = 0.05;

  override setUp() {
    const timer = setTimeout(() => {}, 10_000);
    this.addCleanup(clearTimeout, timer);
  }
}

/** The section of the report that tells of that timer. */
const RAW = 'Timers, sockets and the like:';

const waitInside = inlineCallbacks(function* (d: Deferred<void>) {
  yield 1;
  yield d; // inside
});

/** The line of this file that ends in this comment. */
function lineOf(comment: string): string {
  const lines = process
    .getBuiltinModule('node:fs')
    .readFileSync(new URL(import.meta.url), 'utf8')
    .split('\n');
  return `test_waiting.ts:${lines.findIndex((line) => line.endsWith(`// ${comment}`)) + 1}:`;
}

class WaitingTestCase extends OutcomeTestCase {
  /** The lines that follow the first one. */
  async waitOf(testClass: new (methodName?: string) => TestCase, ...outcomes: string[]): Promise<string[]> {
    const { errors } = await this.outcomesOf(testClass, ['error TimeoutError', ...outcomes]);
    const lines = (errors[0] as Error).message.split('\n').slice(1);
    const raw = lines.indexOf(RAW);
    return raw === -1 ? lines : lines.toSpliced(raw, 2);
  }

  /** Each line has these parts. */
  assertLines(lines: readonly string[], wanted: readonly (string | readonly string[])[]): void {
    this.assertEqual(lines.length, wanted.length, lines.join('\n'));
    for (const [i, parts] of wanted.entries()) {
      for (const part of [parts].flat()) this.assertSubstring(part, lines[i] ?? '');
    }
  }
}

export class WaitingForDeferredsTests extends WaitingTestCase {
  async test_a_deferred_and_where_it_was_made() {
    class Sample extends Hurried {
      test_it() {
        return new Deferred(); // alone
      }
    }

    this.assertLines(await this.waitOf(Sample), ['It waits for:', ['  <Deferred pending>, made at ', lineOf('alone')]]);
  }

  async test_a_chain_down_to_the_one_that_has_no_result() {
    class Sample extends Hurried {
      test_it() {
        const d = new Deferred<void>(); // outer
        d.addCallback(() => new Deferred()); // inner
        d.callback();
        return d;
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'It waits for:',
      ['  <Deferred waiting on a Deferred>', lineOf('outer')],
      ['  <Deferred pending>', lineOf('inner')],
    ]);
  }

  async test_the_lines_in_which_generators_are_suspended() {
    const body = inlineCallbacks(function* () {
      const d = new Deferred<void>(); // awaited
      yield waitInside(d); // outside
    });
    class Sample extends Hurried {
      test_it() {
        return body();
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'It waits for:',
      ['its generator waits at ', lineOf('outside')],
      ['its generator waits at ', lineOf('inside'), lineOf('outside')],
      ['  <Deferred pending>, made at ', lineOf('awaited')],
    ]);
  }

  async test_those_that_an_async_function_may_wait_for() {
    class Sample extends Hurried {
      async test_it() {
        const done = new Deferred<void>();
        done.callback();
        await waitInside(new Deferred()); // async
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'Deferreds without a result:',
      ['  <Deferred pending>', lineOf('async')],
      ['  <Deferred pending>', lineOf('async'), `its generator waits at `, lineOf('inside')],
    ]);
  }

  async test_the_parts_of_a_list() {
    class Sample extends Hurried {
      test_it() {
        const part = new Deferred(); // part
        return new DeferredList([part]); // list
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'It waits for:',
      ['  <DeferredList pending>', lineOf('list')],
      'Other Deferreds without a result:',
      ['  <Deferred pending>', lineOf('part')],
    ]);
  }

  async test_those_of_set_up_but_not_those_of_another_test() {
    const kept: unknown[] = [];
    class Other extends TestCase {
      test_it() {
        kept.push(new Deferred());
      }
    }
    class Sample extends Hurried {
      override setUp() {
        super.setUp();
        kept.push(new Deferred()); // set up
      }

      async test_it() {
        await new Promise(() => {});
      }
    }

    await this.outcomesOf(Other, ['success']);
    this.assertLines(await this.waitOf(Sample), ['Deferreds without a result:', lineOf('set up')]);
  }

  async test_a_promise_that_nothing_explains_is_said_to_be_unknown() {
    class Sample extends TestCase {
      async test_it() {
        await new Promise(() => {});
      }
    }

    this.assertLines(await this.waitOf(Sample), ['It waits for a promise, and what could settle that is unknown.']);
  }

  async test_a_wait_for_nothing_is_explained_as_well() {
    class Sample extends TestCase {
      test_it() {
        return new Deferred(); // never
      }
    }

    this.assertLines(await this.waitOf(Sample), ['It waits for:', lineOf('never')]);
  }

  async test_with_many_the_first_are_shown_and_the_number_of_the_others() {
    const kept: unknown[] = [];
    class Sample extends Hurried {
      async test_it() {
        for (let i = 0; i < 2000; i += 1) kept.push(new Deferred());
        await kept.at(-1);
      }
    }

    const lines = await this.waitOf(Sample);

    this.assertEqual(lines.length, 22);
    this.assertEqual(lines.at(-1), '  and 980 more');
  }

  async test_with_debugging_whole_stacks() {
    const before = getDebugging();
    this.addCleanup(setDebugging, before);
    setDebugging(true);
    class Sample extends Hurried {
      test_it() {
        return this.deferred();
      }

      deferred() {
        return new Deferred(); // deep
      }
    }

    const text = (await this.waitOf(Sample)).join('\n');

    this.assertSubstring('    Deferred was created:\n        at Sample.deferred', text);
    this.assertSubstring('at Sample.test_it', text);
  }

  async test_with_debugging_the_whole_stacks_of_what_the_library_makes() {
    this.addCleanup(setDebugging, getDebugging());
    setDebugging(true);
    class Sample extends Hurried {
      test_it() {
        return this.steps();
      }

      steps() {
        return inlineCallbacks(function* () {
          yield new Deferred();
        })();
      }
    }

    const text = (await this.waitOf(Sample)).join('\n');

    this.assertSubstring('    Deferred was created:\n        at Sample.steps', text);
    this.assertNotSubstring('/dist/', text);
  }

  async test_with_debugging_the_stacks_of_calls_and_timers() {
    this.addCleanup(setDebugging, getDebugging());
    setDebugging(true);
    class Sample extends Hurried {
      test_it() {
        this.later();
        return new Deferred();
      }

      later() {
        const call = reactor.callLater(5, () => {}); // call of later
        this.addCleanup(() => call.cancel());
        const timer = setTimeout(() => {}, 5000); // timer of later
        this.addCleanup(() => clearTimeout(timer));
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TimeoutError']);

    const lines = (errors[0] as Error).message.split('\n');
    for (const [what, comment] of [
      ['  <DelayedCall [', 'call of later'],
      ['  setTimeout of 5000 ms', 'timer of later'],
    ] as const) {
      const index = lines.findIndex((line) => line.startsWith(what));
      this.assertSubstring(lineOf(comment), lines[index] ?? '');
      this.assertSubstring('    at Sample.later (', lines[index + 1] ?? '', what);
      this.assertSubstring('    at Sample.test_it (', lines[index + 2] ?? '', what);
    }
  }

  async test_one_that_cannot_be_shown() {
    class Odd extends Deferred {
      override toString(): string {
        throw new TypeError('odd');
      }
    }
    class Sample extends Hurried {
      test_it() {
        return new Odd(); // odd
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'It waits for:',
      ['  something whose toString() threw TypeError: odd, made at ', lineOf('odd')],
    ]);
  }
}

export class WaitingForReactorTests extends WaitingTestCase {
  async test_pending_calls_and_where_they_were_made() {
    class Sample extends Hurried {
      test_it() {
        return deferLater(reactor, 5, function poll() {}); // later
      }
    }

    this.assertLines(await this.waitOf(Sample), [
      'It waits for:',
      lineOf('later'),
      'Pending calls:',
      ['  <DelayedCall [', lineOf('later')],
    ]);
  }

  async test_connections_with_the_bytes_that_went_over_them() {
    class Greeter extends Protocol {
      override connectionMade() {
        this.transport?.write('hello');
      }
    }
    class Reader extends Protocol {
      override dataReceived() {
        received.callback();
      }
    }
    const received = new Deferred<void>();
    class Sample extends TestCase {
      timeout = 60;

      override async setUp() {
        const port = reactor.listenTCP(0, ServerFactory.forProtocol(Greeter), { interface: '127.0.0.1' }); // port
        const client = reactor.connectTCP('127.0.0.1', port.getHost().port, ClientFactory.forProtocol(Reader)); // client
        this.addCleanup(() => port.stopListening());
        this.addCleanup(() => client.disconnect());
        await received;
        this.timeout = 0.05;
      }

      async test_it() {
        await new Promise(() => {});
      }
    }

    const lines = await this.waitOf(Sample);

    const texts = lines.filter((line) => line.startsWith('  <') && !line.startsWith('  <Deferred'));
    this.assertLines(texts, [
      ['  <Port of ServerFactory', lineOf('port')],
      [' server connection', ', 0 bytes in, 5 bytes out, made at ', lineOf('port')],
      [' client connection', ', 5 bytes in, 0 bytes out, made at ', lineOf('client')],
    ]);
  }
}

export class WaitingForRawResourcesTests extends OutcomeTestCase {
  async test_timers_and_where_they_were_made() {
    class Sample extends Hurried {
      async test_it() {
        await new Promise((resolve) => this.addCleanup(clearTimeout, setTimeout(resolve, 10_000))); // raw
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TimeoutError']);

    const lines = (errors[0] as Error).message.split('\n');
    this.assertEqual(lines[1], RAW);
    this.assertSubstring(lineOf('raw'), lines[3] ?? '');
  }

  async test_immediates_that_are_made_again_and_again() {
    class Sample extends TestCase {
      static timeout = 0.05;
      test_it() {
        let isOver = false;
        this.addCleanup(() => (isOver = true));
        const look = () => {
          if (!isOver) setImmediate(look); // immediate
        };
        look();
        return new Promise(() => {});
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TimeoutError']);

    const [, raw, line = ''] = (errors[0] as Error).message.split('\n');
    this.assertEqual(raw, RAW);
    this.assertSubstring('  setImmediate, made again and again, made at ', line);
    this.assertSubstring(lineOf('immediate'), line);
  }
}

export class WaitingForRawSocketsTests extends OutcomeTestCase {
  async test_the_bytes_that_went_over_them() {
    class Sample extends TestCase {
      timeout = 60;

      override async setUp() {
        const server = createServer((socket) => void socket.resume().write('hello'));
        this.addCleanup(() => new Promise((closed) => server.close(closed)));
        await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
        const { port } = server.address() as AddressInfo;
        const client = connect(port, '127.0.0.1'); // raw client
        this.addCleanup(() => client.destroy());
        client.write('me');
        await new Promise((read) => client.once('data', read));
        this.timeout = 0.05;
      }

      async test_it() {
        await new Promise(() => {});
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TimeoutError']);

    const text = (errors[0] as Error).message;
    this.assertRegex(text, /^ {2}server on 127\.0\.0\.1:\d+, made at /m);
    const client = text.split('\n').find((line) => line.startsWith('  socket to 127.0.0.1:')) ?? text;
    this.assertSubstring(', 5 bytes in, 2 bytes out, made at ', client);
    this.assertSubstring(lineOf('raw client'), client);
    this.assertRegex(text, /^ {2}accepted socket .*, [02] bytes in, 5 bytes out, made at /m);
  }
}

export class DumpSignalTests extends TestCase {
  static skip = process.platform === 'win32' ? 'There is no SIGUSR2 on Windows.' : undefined;

  async test_it_tells_what_the_running_test_waits_for() {
    for (const how of ['--no-supervise', '--supervise']) {
      const project = startProject(
        this,
        `import { readFileSync } from 'node:fs';
        import { deferLater } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};

        export class SampleTests extends TestCase {
          async test_it() {
            const asked = new Deferred();
            while (!readFileSync('test.log', 'utf8').includes('is running.')) await deferLater(reactor, 0.01, () => {});
            asked.callback();
          }
        }`,
        [how],
        (event, run) => {
          if (event.type === 'testStarted') run.kill('SIGUSR2');
        },
      );
      const { stderr, outcomes } = await project.finished;

      this.assertEqual(outcomes, { 'SampleTests.test_it': ['success'] });
      this.assertSubstring('trial: test_sample.SampleTests.test_it (test_it) is running.\n', stderr);
      this.assertRegex(stderr, /<Deferred pending>, made at .*test_sample\.ts:\d+:\d+/);
    }
  }
}

export class LastLogLinesTests extends WaitingTestCase {
  async test_the_last_ten_of_the_test() {
    class Sample extends Hurried {
      async test_it() {
        for (let i = 1; i <= 12; i += 1) log.msg('line', i);
        await new Promise(() => {});
      }
    }

    const lines = await this.waitOf(Sample);

    this.assertEqual(lines.indexOf('The last log lines:'), lines.length - 11);
    this.assertEqual(lines.at(-11), 'The last log lines:');
    this.assertRegex(lines.at(-10) ?? '', /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[-\] line 3$/);
    this.assertRegex(lines.at(-1) ?? '', / line 12$/);
  }
}
