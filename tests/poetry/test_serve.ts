import { TestCase } from 'txtrial';
import { CannotListenError, reactor, ServerFactory } from 'txtrial/internet';
import { Mistake } from '../../src/poetry/mistake.js';
import { type ListenOptions, serve } from '../../src/poetry/serve.js';

/** What the system may say to a server that wants to listen, without asking it. */
export class ServeTests extends TestCase {
  asked!: number[];

  /** Every port is refused. */
  refuse(error: Error) {
    this.asked = [];
    this.patch(reactor, 'listenTCP', (port: number) => {
      this.asked.push(port);
      throw error;
    });
  }

  serve(options: Partial<ListenOptions> = {}): Promise<number> {
    return serve([['Serving nothing', new ServerFactory()]], { iface: '127.0.0.1', port: [0], ...options });
  }

  async refusedWith(code: string): Promise<string> {
    const reason = Object.assign(new Error(`the system says ${code}`), { code });
    this.refuse(new CannotListenError('127.0.0.1', 80, reason));
    return (await this.assertFailure(this.serve({ port: [80] }), Mistake)).message;
  }

  async test_says_what_to_do() {
    this.assertEqual(
      await this.refusedWith('EACCES'),
      'Cannot listen on 127.0.0.1:80: this user may not. Choose a --port above 1023.',
    );
    this.assertEqual(
      await this.refusedWith('EADDRINUSE'),
      'Cannot listen on 127.0.0.1:80: another program does. Stop it, or choose another --port (0: a free one).',
    );
    this.assertEqual(
      await this.refusedWith('EADDRNOTAVAIL'),
      'Cannot listen on 127.0.0.1:80: the system says EADDRNOTAVAIL. Choose another --iface or --port.',
    );
  }

  /** An error of the program's own is no mistake of the user's. */
  async test_another_error_stays_what_it_is() {
    this.refuse(new RangeError('no such thing'));

    await this.assertFailure(this.serve(), RangeError);
  }

  async test_the_last_port_is_one() {
    this.refuse(new RangeError('no such thing'));

    await this.assertFailure(this.serve({ port: [65_535] }), RangeError);

    this.assertEqual(this.asked, [65_535]);
  }
}
