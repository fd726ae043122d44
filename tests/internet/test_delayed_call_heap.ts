import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { Deferred, type DelayedCall, reactor } from 'txtrial/internet';

type Command =
  | { readonly do: 'add'; readonly ago: number }
  | { readonly do: 'cancel' | 'delay'; readonly which: number; readonly ago: number };

const ago = fc.integer({ min: 1, max: 20 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), ago }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'delay' as const), which: fc.nat(), ago }),
  },
);

export class DelayedCallHeapTests extends TestCase {
  async test_calls_come_in_the_order_of_a_stably_sorted_list() {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 200 }), async (commands) => {
        const called: DelayedCall[] = [];
        const done = new Deferred<void>();
        let model: DelayedCall[] = [];

        // Every call is moved into the past, so that one turn makes them all and no time is waited for.
        const now = reactor.seconds();
        for (const step of commands) {
          if (step.do === 'add') {
            const call: DelayedCall = reactor.callLater(60, () => called.push(call));
            call.delay(Math.round(now) - step.ago - call.getTime());
            model.push(call);
            continue;
          }
          const call = model[step.which % Math.max(model.length, 1)];
          if (call === undefined) continue;
          if (step.do === 'delay') call.delay(Math.round(now) - step.ago - call.getTime());
          else {
            call.cancel();
            model = model.filter((other) => other !== call);
          }
        }
        reactor.callLater(0, () => done.callback());
        await done;

        const expected = [...model].sort((a, b) => a.getTime() - b.getTime());
        this.assertEqual(called.length, expected.length);
        this.assertTrue(called.every((call, index) => call === expected[index]));
      }),
    );
  }
}
