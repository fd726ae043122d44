import { isMainThread } from 'node:worker_threads';
import { TestCase } from 'txtrial';
import { deferToThread } from 'txtrial/internet';

enum Answer {
  Everything = 42,
}

/** Runs in a thread of the pool, from this very file. */
export function answerInThread(factor: number): [answer: number, inMainThread: boolean] {
  return [Answer.Everything * factor, isMainThread];
}

/** Fails there. */
export function failInThread(): never {
  throw new RangeError('there');
}

export class ThreadLoaderTests extends TestCase {
  /** A thread of the pool imports a module of tests, TypeScript or not. */
  async test_typescript_in_a_thread() {
    const result = await deferToThread({ module: import.meta.url, name: 'answerInThread' }, 2);

    this.assertEqual(result, [84, false]);
  }

  async test_error_in_a_thread() {
    const error = await this.assertFailure(
      deferToThread({ module: import.meta.url, name: 'failInThread' }),
      RangeError,
    );

    this.assertEqual(error.message, 'there');
  }
}
