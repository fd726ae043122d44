import dns from 'node:dns';
import { TestCase } from 'txtrial';
import { CancelledError, DNSLookupError, reactor } from 'txtrial/internet';

type Answer = (error: Error | null, addresses?: readonly { address: string; family: number }[]) => void;

export class ResolveTests extends TestCase {
  test_a_number_is_its_own_answer(): void {
    this.assertEqual(this.successResultOf(reactor.resolve('127.0.0.1')), '127.0.0.1');
    this.assertEqual(this.successResultOf(reactor.resolve('::1')), '::1');
    this.assertEqual(this.successResultOf(reactor.resolve('')), '0.0.0.0');
  }

  test_of_several_addresses_the_first_of_IPv4_is_taken(): void {
    this.#answer((found) =>
      found(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.3', family: 4 },
      ]),
    );

    this.assertEqual(this.successResultOf(reactor.resolve('poems.example')), '127.0.0.2');
  }

  test_a_name_that_is_not_known_fails(): void {
    this.#answer((found) => found(Object.assign(new Error('no'), { code: 'ENOTFOUND' })));

    const failure = this.failureResultOf(reactor.resolve('poems.example'), DNSLookupError);

    this.assertEqual(failure.getErrorMessage(), "Cannot look up the host 'poems.example': ENOTFOUND.");
  }

  test_an_answer_after_a_cancel_is_ignored(): void {
    let answer: Answer = () => this.fail('was not asked');
    this.#answer((found) => {
      answer = found;
    });
    const d = reactor.resolve('poems.example');

    d.cancel();
    answer(null, [{ address: '127.0.0.1', family: 4 }]);

    this.failureResultOf(d, CancelledError);
  }

  async test_the_system_is_asked(): Promise<void> {
    this.assertIn(await reactor.resolve('localhost'), ['127.0.0.1', '::1']);
  }

  #answer(answer: (found: Answer) => void): void {
    this.patch(dns, 'lookup', ((_name: string, _options: object, found: Answer) => answer(found)) as never);
  }
}
