import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { Failure } from 'txtrial/internet';
import { Selectables } from '../../src/internet/selectables.js';

/** Something open that writes down what happens to it. */
class Thing {
  place = -1;
  readonly origin = undefined;
  readonly closing = false;
  readonly said: string[] = [];

  discard() {
    this.said.push('discarded');
  }

  disconnect() {
    this.said.push('disconnected');
  }
}

export class SelectablesTests extends TestCase {
  /** Whatever is opened and closed in between: what is open stands in the order in which it was opened. */
  test_as_a_set() {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 99 })), { maxLength: 300 }), (steps) => {
        const things = Array.from({ length: 100 }, () => new Thing());
        const register = new Selectables();
        const model = new Set<Thing>();

        for (const [opens, i] of steps) {
          const thing = things[i] as Thing;
          if (opens) register.add(thing);
          else register.delete(thing);
          if (opens) model.add(thing);
          else model.delete(thing);
        }

        this.assertEqual(register.size, model.size);
        this.assertTrue([...register].every((thing, i) => thing === [...model][i]));
      }),
    );
  }

  /** Of many that come and go, the register does not keep room for all. */
  test_gaps_are_closed() {
    const register = new Selectables();
    const stays = new Thing();
    register.add(stays);
    let farthest = 0;

    for (let i = 0; i < 1000; i++) {
      const passes = new Thing();
      register.add(passes);
      farthest = Math.max(farthest, passes.place);
      register.delete(passes);
    }

    this.assertLess(farthest, 50);
    this.assertEqual([...register], [stays]);
  }

  test_removes_all_and_tells_nobody() {
    const register = new Selectables();
    const [first, second, third] = [new Thing(), new Thing(), new Thing()];
    for (const thing of [first, second, third]) register.add(thing);
    register.delete(second);

    this.assertEqual(register.removeAll(), [first, third]);

    this.assertEqual([first.said, second.said, third.said], [['discarded'], [], ['discarded']]);
    this.assertEqual([register.size, ...register], [0]);
  }

  test_disconnects_all() {
    const register = new Selectables();
    const [first, second] = [new Thing(), new Thing()];
    for (const thing of [first, second]) register.add(thing);

    register.disconnectAll(new Failure(new Error('the end')));

    this.assertEqual([first.said, second.said], [['disconnected'], ['disconnected']]);
  }
}
