import { AsyncLocalStorage } from 'node:async_hooks';
import { TestCase } from 'txtrial';
import { Deferred, type Failure, NodeReactor } from 'txtrial/internet';
import { turn } from '../support/connections.js';

export class SystemEventTests extends TestCase {
  readonly reactor = new NodeReactor();
  readonly order: string[] = [];

  note = (name: string): void => {
    this.order.push(name);
  };

  test_phases_come_in_order_and_triggers_as_they_were_added() {
    const { reactor } = this;
    for (const phase of ['after', 'during', 'before'] as const) {
      for (const name of ['1', '2']) reactor.addSystemEventTrigger(phase, 'poetry', this.note, phase + name);
    }

    reactor.fireSystemEvent('poetry');

    this.assertEqual(this.order, ['before1', 'before2', 'during1', 'during2', 'after1', 'after2']);
  }

  test_a_trigger_is_called_once() {
    const { reactor } = this;
    reactor.addSystemEventTrigger('during', 'poetry', this.note, 'once');

    reactor.fireSystemEvent('poetry');
    reactor.fireSystemEvent('poetry');

    this.assertEqual(this.order, ['once']);
  }

  test_during_waits_for_the_deferreds_of_before() {
    const { reactor } = this;
    const first = new Deferred<void>();
    const second = new Deferred<void>();
    reactor.addSystemEventTrigger('before', 'poetry', () => first);
    reactor.addSystemEventTrigger('before', 'poetry', () => second);
    reactor.addSystemEventTrigger('before', 'poetry', this.note, 'before');
    reactor.addSystemEventTrigger('during', 'poetry', this.note, 'during');

    reactor.fireSystemEvent('poetry');
    this.assertEqual(this.order, ['before']);
    second.callback();
    this.assertEqual(this.order, ['before']);
    first.callback();

    this.assertEqual(this.order, ['before', 'during']);
  }

  async test_during_waits_for_the_promises_of_before_though_they_fail() {
    const { reactor } = this;
    reactor.addSystemEventTrigger('before', 'poetry', () => Promise.reject(new RangeError('rejected')));
    reactor.addSystemEventTrigger('during', 'poetry', this.note, 'during');

    reactor.fireSystemEvent('poetry');
    this.assertEqual(this.order, []);
    await turn();

    this.assertEqual(this.order, ['during']);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  test_what_a_trigger_throws_is_logged_and_the_others_are_called() {
    const { reactor } = this;
    for (const phase of ['before', 'during', 'after'] as const) {
      reactor.addSystemEventTrigger(phase, 'poetry', () => {
        throw new RangeError(phase);
      });
      reactor.addSystemEventTrigger(phase, 'poetry', this.note, phase);
    }

    reactor.fireSystemEvent('poetry');

    this.assertEqual(this.order, ['before', 'during', 'after']);
    const messages = this.flushLoggedErrors(RangeError).map((failure: Failure) => failure.getErrorMessage());
    this.assertEqual(messages, ['before', 'during', 'after']);
  }

  test_a_trigger_may_add_and_remove_others() {
    const { reactor } = this;
    reactor.addSystemEventTrigger('before', 'poetry', () => {
      reactor.addSystemEventTrigger('before', 'poetry', this.note, 'added');
      reactor.removeSystemEventTrigger(doomed);
    });
    const doomed = reactor.addSystemEventTrigger('during', 'poetry', () => this.fail('called'));

    reactor.fireSystemEvent('poetry');

    this.assertEqual(this.order, ['added']);
  }

  test_a_trigger_is_removed_once() {
    const { reactor } = this;
    const trigger = reactor.addSystemEventTrigger('during', 'poetry', () => this.fail('called'));

    reactor.removeSystemEventTrigger(trigger);
    reactor.fireSystemEvent('poetry');

    this.assertRaises(Error, () => reactor.removeSystemEventTrigger(trigger));
  }

  test_refuses_a_phase_that_is_none() {
    const { reactor } = this;
    this.assertRaises(TypeError, () => reactor.addSystemEventTrigger('middle' as 'during', 'poetry', () => {}));
    this.assertRaises(TypeError, () => reactor.addSystemEventTrigger('during', 'poetry', 1 as unknown as () => void));
  }

  test_a_trigger_runs_in_the_async_context_that_added_it() {
    const { reactor } = this;
    const storage = new AsyncLocalStorage<string>();
    storage.run('adder', () => {
      reactor.addSystemEventTrigger('during', 'poetry', () => this.note(String(storage.getStore())));
    });

    reactor.fireSystemEvent('poetry');

    this.assertEqual(this.order, ['adder']);
  }

  async test_the_shutdown_waits_while_the_reactor_goes_on() {
    const { reactor } = this;
    reactor.addSystemEventTrigger('before', 'shutdown', () => {
      const done = new Deferred<void>();
      reactor.callLater(0, () => {
        this.note(`call while ${reactor.running ? 'running' : 'stopped'}`);
        done.callback();
      });
      return done;
    });
    reactor.addSystemEventTrigger('during', 'shutdown', () => this.note(`during, running ${reactor.running}`));
    reactor.addSystemEventTrigger('after', 'shutdown', this.note, 'after');
    reactor.callWhenRunning(() => reactor.stop());

    await reactor.run({ installSignalHandlers: false });

    this.assertEqual(this.order, ['call while running', 'during, running false', 'after']);
  }
}
