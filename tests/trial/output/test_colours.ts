import { TestCase } from 'txtrial';
import { wantsColours } from '../../../src/trial/output/colours.js';

export class WantsColoursTests extends TestCase {
  test_environment_before_terminal(): void {
    for (const [env, onTerminal, elsewhere] of [
      [{}, true, false],
      [{ NO_COLOR: '' }, true, false],
      [{ NO_COLOR: '0' }, false, false],
      [{ FORCE_COLOR: '' }, true, false],
      [{ FORCE_COLOR: '0' }, false, false],
      [{ FORCE_COLOR: 'false' }, false, false],
      [{ FORCE_COLOR: '3' }, true, true],
      [{ FORCE_COLOR: 'true' }, true, true],
      [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
      [{ TERM: 'dumb' }, false, false],
      [{ TERM: 'dumb', FORCE_COLOR: '1' }, true, true],
      [{ CI: '1' }, true, false],
    ] as const) {
      this.assertEqual(
        wantsColours(env, () => true),
        onTerminal,
        JSON.stringify(env),
      );
      this.assertEqual(
        wantsColours(env, () => false),
        elsewhere,
        JSON.stringify(env),
      );
    }
  }
}
