import { execFile, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { TestCase } from 'txtrial';
import {
  ClientFactory,
  Deferred,
  type Failure,
  getThreadPool,
  NodeReactor,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { addObserver, type LogEvent, removeObserver } from 'txtrial/log';
import { Recorder, turn } from '../support/connections.js';

const quiet = { installSignalHandlers: false };

export class RunTests extends TestCase {
  readonly reactor = new NodeReactor();

  async test_run_settles_when_the_reactor_was_stopped() {
    const { reactor } = this;
    const running: boolean[] = [reactor.running];
    reactor.callWhenRunning(() => running.push(reactor.running));
    reactor.callLater(0, () => {
      running.push(reactor.running);
      reactor.stop();
      running.push(reactor.running);
    });

    await reactor.run(quiet);

    this.assertEqual([...running, reactor.running], [false, true, true, true, false]);
  }

  async test_nothing_is_called_before_run() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callLater(0, () => order.push('callLater'));
    reactor.callLater(0, () => reactor.stop());
    reactor.callWhenRunning(() => order.push('callWhenRunning'));
    await turn();
    await turn();
    this.assertEqual(order, []);

    await reactor.run(quiet);

    this.assertEqual(order, ['callWhenRunning', 'callLater']);
  }

  async test_calls_of_the_turn_in_which_it_is_stopped_are_made() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callWhenRunning(() => {
      reactor.stop();
      reactor.callLater(0, () => order.push('added after stop()'));
    });
    reactor.addSystemEventTrigger('before', 'shutdown', () => order.push('shutdown'));

    await reactor.run(quiet);

    this.assertEqual(order, ['added after stop()', 'shutdown']);
  }

  async test_a_call_in_the_turn_that_stops_it_is_made_and_one_added_there_is_not() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callLater(0, () => {
      reactor.stop();
      reactor.callLater(0, () => order.push('never'));
      reactor.callFromThread(() => order.push('never'));
    });
    reactor.callLater(0, () => order.push('of the same turn'));
    reactor.addSystemEventTrigger('before', 'shutdown', () => order.push('shutdown'));

    await reactor.run(quiet);

    this.assertEqual(order, ['of the same turn', 'shutdown']);
  }

  async test_callWhenRunning_waits_as_long_as_the_reactor_only_begins_to_run() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callWhenRunning(() => order.push('first'));
    reactor.addSystemEventTrigger('before', 'startup', () => {
      reactor.callWhenRunning(() => order.push('second'));
      order.push('before');
    });
    reactor.callLater(0, () => reactor.stop());

    await reactor.run(quiet);

    this.assertEqual(order, ['before', 'first', 'second']);
  }

  async test_callFromThread_comes_before_delayed_calls_and_never_before_run() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callLater(0, () => order.push('callLater'));
    reactor.callFromThread((name) => {
      order.push(name);
      reactor.callFromThread(() => order.push('in the next turn'));
    }, 'callFromThread');
    reactor.callFromThread(() => {
      throw new RangeError('out of hand');
    });
    reactor.callLater(0.01, () => reactor.stop());
    await turn();
    this.assertEqual([order, reactor.getDelayedCalls().length], [[], 2]);

    await reactor.run(quiet);

    this.assertEqual(order, ['callFromThread', 'callLater', 'in the next turn']);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_callInThread_begins_when_the_reactor_runs_and_logs_errors() {
    const { reactor } = this;
    const logged = new Deferred<string>();
    const observer = (event: LogEvent) => {
      if (event.isError) logged.callback(event.message);
    };
    addObserver(observer);
    this.addCleanup(removeObserver, observer);
    this.addCleanup(() => getThreadPool().stop());
    reactor.callInThread((text: string) => {
      throw new RangeError(text);
    }, 'too far');
    await turn();
    this.assertEqual(getThreadPool().threads, 0);
    logged.addCallback((message) => {
      reactor.stop();
      return message;
    });

    await reactor.run(quiet);

    this.assertSubstring('too far', await logged);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_nothing_is_called_after_the_stop() {
    const { reactor } = this;
    reactor.callLater(0, () => reactor.stop());
    await reactor.run(quiet);

    reactor.callLater(0, () => this.fail('called'));
    await turn();
    await turn();

    this.assertEqual(reactor.getDelayedCalls().length, 1);
  }

  async test_callWhenRunning_calls_at_once_when_it_runs() {
    const { reactor } = this;
    const order: string[] = [];
    reactor.callWhenRunning(() => {
      this.assertIdentical(
        reactor.callWhenRunning((name: string) => order.push(name), 'inner'),
        undefined,
      );
      order.push('outer');
      reactor.stop();
    });

    await reactor.run(quiet);

    this.assertEqual(order, ['inner', 'outer']);
  }

  async test_callWhenRunning_can_be_taken_back() {
    const { reactor } = this;
    const trigger = reactor.callWhenRunning(() => this.fail('called'));
    if (trigger !== undefined) reactor.removeSystemEventTrigger(trigger);
    reactor.callWhenRunning(() => reactor.stop());

    await reactor.run(quiet);
  }

  async test_stop_needs_a_running_reactor() {
    const { reactor } = this;
    this.assertRaises(ReactorNotRunning, () => reactor.stop());
    reactor.callWhenRunning(() => {
      reactor.stop();
      this.assertRaises(ReactorNotRunning, () => reactor.stop());
    });

    await reactor.run(quiet);

    this.assertRaises(ReactorNotRunning, () => reactor.stop());
  }

  async test_run_is_refused_while_it_runs_and_afterwards() {
    const { reactor } = this;
    reactor.callLater(0, () => reactor.stop());
    const run = reactor.run(quiet);

    await this.assertFailure(reactor.run(quiet), ReactorAlreadyRunning);
    await run;
    await this.assertFailure(reactor.run(quiet), ReactorNotRestartable);
  }

  async test_an_error_in_a_callback_is_logged_and_the_reactor_goes_on() {
    const { reactor } = this;
    reactor.addSystemEventTrigger('before', 'startup', () => {
      throw new RangeError('trigger');
    });
    reactor.callLater(0, () => {
      throw new RangeError('call');
    });
    reactor.callLater(0, () => reactor.stop());

    await reactor.run(quiet);

    this.assertEqual(
      this.flushLoggedErrors(RangeError).map((failure: Failure) => failure.getErrorMessage()),
      ['trigger', 'call'],
    );
  }

  async test_the_stop_closes_ports_and_connections_and_says_so() {
    const { reactor } = this;
    const server = new Recorder();
    const client = new Recorder();
    const heard: string[] = [];
    class Client extends ClientFactory {
      override buildProtocol() {
        setTimeout(() => reactor.stop(), 5);
        return client;
      }
      override clientConnectionLost() {
        heard.push('clientConnectionLost');
      }
      override stopFactory() {
        heard.push('stopFactory');
      }
    }
    const port = reactor.listenTCP(
      0,
      ServerFactory.forProtocol(() => server),
      { interface: '127.0.0.1' },
    );
    reactor.connectTCP('127.0.0.1', port.getHost().port, new Client());

    await reactor.run(quiet);

    this.assertEqual(heard, ['clientConnectionLost', 'stopFactory']);
    this.assertEqual(
      [server.events, client.events],
      [
        ['made', 'lost'],
        ['made', 'lost'],
      ],
    );
    this.assertEqual(String(await client.lost), 'ConnectionLost: The connection was lost: the reactor has stopped.');
    this.assertRaises(Error, () => port.getHost());
  }

  async test_ports_accept_before_the_run_and_protocols_are_built_in_it() {
    const { reactor } = this;
    const built: boolean[] = [];
    class Server extends ServerFactory {
      override buildProtocol() {
        built.push(reactor.running);
        reactor.callLater(0, () => reactor.stop());
        return null;
      }
    }
    const port = reactor.listenTCP(0, new Server(), { interface: '127.0.0.1' });
    const { connect } = await import('node:net');
    const socket = connect(port.getHost().port, '127.0.0.1');
    const closed = once(socket.resume(), 'close');
    await once(socket, 'connect');
    await turn();
    await turn();
    this.assertEqual(built, []);

    await reactor.run(quiet);

    this.assertEqual(built, [true]);
    socket.destroy();
    await closed;
  }
}

export class UnderARunnerTests extends TestCase {
  test_the_reactor_of_the_process_is_running() {
    this.assertTrue(reactor.running);
  }

  async test_run_is_refused() {
    await this.assertFailure(reactor.run(), ReactorAlreadyRunning);
  }
}

/** Runs a script in a Node of its own. */
function script(
  text: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-e', text],
      { cwd: new URL('..', import.meta.url).pathname, timeout: 20_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

export class ProcessTests extends TestCase {
  async test_importing_does_nothing_and_keeps_nothing_alive() {
    const result = await script(
      `await import('txtrial/internet'); console.log(process.listenerCount('SIGINT'), process.getActiveResourcesInfo().length)`,
    );

    this.assertEqual([result.code, result.stderr], [0, '']);
    this.assertRegex(result.stdout, /^0 [01]\n$/);
  }

  async test_a_port_without_run_keeps_no_process_alive() {
    const result = await script(
      `import { reactor, ServerFactory } from 'txtrial/internet';
       reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
       reactor.callLater(0, () => console.log('called'));`,
    );

    this.assertEqual(result, { code: 0, stdout: '', stderr: '' });
  }

  async test_an_idle_reactor_lives_without_work_until_a_signal_stops_it() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const text = `import { reactor } from 'txtrial/internet';
        reactor.addSystemEventTrigger('before', 'shutdown', () => console.log('before'));
        reactor.callWhenRunning(() => console.log('running'));
        await reactor.run();
        console.log('stopped', process.listenerCount('${signal}'), process.cpuUsage().user < 3e6);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
        cwd: new URL('..', import.meta.url).pathname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (output === '') child.kill(signal);
        output += chunk;
      });

      const [code] = await once(child, 'close');

      this.assertEqual([code, output], [0, 'running\nbefore\nstopped 0 true\n']);
    }
  }
}

export class RemoveAllTests extends TestCase {
  async test_closes_everything_at_once_and_tells_nobody() {
    const server = new Recorder();
    const client = new Recorder();
    const factory = new (class extends ClientFactory {
      override buildProtocol() {
        return client;
      }
      override clientConnectionLost(): never {
        throw new Error('told');
      }
      override clientConnectionFailed(): never {
        throw new Error('told');
      }
    })();
    const port = reactor.listenTCP(
      0,
      ServerFactory.forProtocol(() => server),
      { interface: '127.0.0.1' },
    );
    const { port: number } = port.getHost();
    reactor.connectTCP('127.0.0.1', number, factory);
    while (!(server.connected && client.connected)) await turn();
    this.patch(dns, 'lookup', (() => {}) as unknown as typeof dns.lookup);
    const pending = reactor.connectTCP('slow.invalid', 1, factory, { timeout: null });

    const removed = reactor.removeAll();

    const local = `127.0.0.1:${client.transport.getHost().port}`;
    this.assertEqual(removed.map(String).sort(), [
      '<Connector to slow.invalid:1 (connecting)>',
      `<Port of ServerFactory on 127.0.0.1:${number}>`,
      `<Recorder client connection to 127.0.0.1:${number} from ${local}>`,
      `<Recorder server connection from ${local} on 127.0.0.1:${number}>`,
    ]);
    for (const { origin } of removed) this.assertSubstring('test_reactor.ts', String(origin));
    this.assertEqual(pending.state, 'connecting');
    this.assertEqual(reactor.removeAll(), []);
    for (const call of reactor.getDelayedCalls()) call.cancel();
    await turn();
    await turn();
    this.assertEqual([server.events, client.events], [['made'], ['made']]);
    // The port is free again.
    await reactor.listenTCP(number, new ServerFactory(), { interface: '127.0.0.1' }).stopListening();
  }

  test_there_is_nothing_to_remove_when_nothing_is_open() {
    this.assertEqual(reactor.removeAll(), []);
  }
}
