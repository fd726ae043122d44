import { TestCase } from 'txtrial';
import {
  Deferred,
  type Failure,
  ProcessDone,
  ProcessExitedAlready,
  ProcessProtocol,
  ProcessTerminated,
  reactor,
} from 'txtrial/internet';

class Recorder extends ProcessProtocol {
  readonly events: string[] = [];
  readonly ended = new Deferred<unknown>();
  readonly heard = new Deferred<void>();
  out = '';
  err = '';
  override connectionMade() {
    this.events.push('made');
  }
  override outReceived(data: Buffer) {
    this.out += data;
    if (!this.heard.called) this.heard.callback();
  }
  override errReceived(data: Buffer) {
    this.err += data;
  }
  override inConnectionLost() {
    this.events.push('in');
  }
  override outConnectionLost() {
    this.events.push('out');
  }
  override errConnectionLost() {
    this.events.push('err');
  }
  override processExited() {
    this.events.push('exited');
  }
  override processEnded(reason: Failure) {
    this.events.push('ended');
    this.ended.callback(reason.value);
  }
}

const sh = (text: string) => ['sh', '-c', text];

export class ProcessTests extends TestCase {
  readonly protocol = new Recorder();

  async test_data_goes_both_ways() {
    const child = reactor.spawnProcess(this.protocol, '/bin/cat', ['cat']);
    this.assertEqual(this.protocol.events, ['made']);
    this.assertEqual(String(child), `<Process /bin/cat pid=${child.pid}>`);
    child.write('hello');
    child.writeSequence([' ', Buffer.from('there')]);
    child.closeStdin();

    this.assertIsInstance(await this.protocol.ended, ProcessDone);
    this.assertEqual(this.protocol.out, 'hello there');
    this.assertEqual([...this.protocol.events].sort(), ['ended', 'err', 'exited', 'in', 'made', 'out']);
    this.assertEqual(this.protocol.events.at(-1), 'ended');
    this.assertNull(child.pid);
    this.assertRaises(ProcessExitedAlready, () => child.signalProcess('KILL'));
    child.write('ignored');
    child.loseConnection();
  }

  async test_only_bytes_and_text_can_be_written() {
    const child = reactor.spawnProcess(this.protocol, '/bin/cat', ['cat']);

    this.assertRaises(TypeError, () => child.write(42 as never));

    child.closeStdin();
    await this.protocol.ended;
    this.assertEqual(this.protocol.out, '');
  }

  async test_exit_code_name_environment_and_directory() {
    const text = 'echo $0 $POEM; pwd; env | grep -c HOME; echo oops >&2; exit 3';
    reactor.spawnProcess(this.protocol, '/bin/sh', ['sh', '-c', text, 'me'], { env: { POEM: 'ecstasy' }, path: '/' });

    const error = await this.protocol.ended;
    this.assertIsInstance(error, ProcessTerminated);
    const { exitCode, signal, status } = error as ProcessTerminated;
    this.assertEqual([exitCode, signal, status], [3, null, 768]);
    this.assertEqual([this.protocol.out, this.protocol.err], ['me ecstasy\n/\n0\n', 'oops\n']);
  }

  async test_signals_by_name_and_by_number() {
    for (const [signal, number] of [
      ['TERM', 15],
      ['SIGINT', 2],
      [9, 9],
    ] as const) {
      const protocol = new Recorder();
      const child = reactor.spawnProcess(protocol, '/bin/sh', sh('echo ready; exec cat'));
      await protocol.heard;
      this.assertRaises(TypeError, () => child.signalProcess('NOPE'));
      child.signalProcess(signal);

      const { exitCode, signal: got, status } = (await protocol.ended) as ProcessTerminated;
      this.assertEqual([exitCode, got, status], [null, number, number]);
    }
  }

  async test_what_can_not_be_run_ends_with_1() {
    for (const [executable, args, path] of [
      ['/no/such/thing', ['x'], '/'],
      ['/bin/true', ['true'], '/no/such/folder'],
      ['/bin/true', ['true', '\0'], '/'],
    ] as const) {
      const protocol = new Recorder();
      reactor.spawnProcess(protocol, executable, args, { path });

      this.assertEqual(((await protocol.ended) as ProcessTerminated).exitCode, 1);
      this.assertSubstring(`Cannot run ${executable}`, protocol.err);
      this.assertEqual(protocol.events, ['made', 'in', 'out', 'err', 'exited', 'ended']);
    }
  }

  async test_loseConnection_closes_the_pipes() {
    reactor.spawnProcess(this.protocol, '/bin/cat', ['cat']).loseConnection();

    this.assertIsInstance(await this.protocol.ended, ProcessDone);
  }

  test_a_terminal_can_not_be_had() {
    this.assertRaises(Error, () => reactor.spawnProcess(this.protocol, '/bin/cat', ['cat'], { usePTY: true }));
    this.assertEqual(this.protocol.events, []);
  }

  async test_what_the_protocol_throws_closes_the_pipe() {
    this.protocol.outReceived = () => {
      throw new RangeError('broken');
    };
    reactor.spawnProcess(this.protocol, '/bin/sh', sh('echo x; exec cat >/dev/null')).closeStdin();
    await this.protocol.ended;
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_what_is_left_over_is_killed() {
    const child = reactor.spawnProcess(this.protocol, '/bin/cat', ['cat']);
    const { pid } = child;
    this.assertEqual(reactor.removeAll(), [child]);

    const alive = () => {
      try {
        return process.kill(pid ?? 0, 0);
      } catch {
        return false;
      }
    };
    while (alive()) await new Promise((resolve) => setTimeout(resolve, 5));
    this.assertEqual(this.protocol.events, ['made']);
  }
}

export class ProcessProducerTests extends TestCase {
  static timeout = 10;
  readonly protocol = new Recorder();

  async test_a_producer_waits_for_a_process_that_does_not_read() {
    const TOTAL = 4 * 1024 * 1024;
    const child = reactor.spawnProcess(this.protocol, '/bin/cat', ['cat']);
    const paused = new Deferred<void>();
    let written = 0;
    let going = false;
    const producer = {
      resumeProducing() {
        going = true;
        while (going && written < TOTAL) {
          child.write('x'.repeat(16384));
          written += 16384;
        }
        if (written === TOTAL) child.unregisterProducer();
      },
      pauseProducing() {
        going = false;
        if (!paused.called) paused.callback();
      },
      stopProducing() {},
    };

    // What cat writes nobody reads, so cat soon reads no more.
    child.pauseProducing();
    child.registerProducer(producer, true);
    this.assertRaises(Error, () => child.registerProducer(producer, true));
    producer.resumeProducing();
    child.closeStdin();
    await paused;
    this.assertLess(written, TOTAL);
    child.resumeProducing();

    this.assertIsInstance(await this.protocol.ended, ProcessDone);
    this.assertEqual(this.protocol.out.length, TOTAL);
  }

  async test_a_pull_producer_is_asked_again_until_the_process_is_gone() {
    const stopped = new Deferred<void>();
    const child = reactor.spawnProcess(this.protocol, '/bin/sh', sh('head -c 10 >/dev/null'));
    const producer = {
      resumeProducing: () => child.write('x'.repeat(1000)),
      stopProducing: () => stopped.callback(),
    };

    child.registerProducer(producer, false);

    await stopped;
    await this.protocol.ended;
    let late = false;
    child.registerProducer({ ...producer, stopProducing: () => (late = true) }, true);
    this.assertTrue(late);
  }
}
