import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { Deferred } from 'txtrial/internet';

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

export class ReactTests extends TestCase {
  async test_the_reactor_runs_until_main_has_its_result(): Promise<void> {
    const { status, out, said } = await this.#run(`
      react((r, name) => deferLater(r, 0.01, () => console.log(name, r === reactor, r.running)), ['poem'])
        .then(() => console.log('stopped', reactor.running));
    `);

    this.assertEqual([status, out, said], [0, 'poem true true\nstopped false\n', '']);
  }

  async test_an_error_is_logged_and_the_exit_status_is_1(): Promise<void> {
    const { status, said } = await this.#run(`react(async () => { throw new RangeError('no poem'); });`);

    this.assertEqual(status, 1);
    this.assertRegex(said, /^main function encountered error\nRangeError: no poem\n/);
  }

  async test_a_main_that_has_its_result_at_once_ends_at_once(): Promise<void> {
    const { status, out } = await this.#run(`react(() => console.log('at once'));`);

    this.assertEqual([status, out], [0, 'at once\n']);
  }

  async test_stopping_the_reactor_inside_main_ends_it_once(): Promise<void> {
    const { status, said } = await this.#run(`react((r) => deferLater(r, 0, () => r.stop()));`);

    this.assertEqual([status, said], [0, '']);
  }

  /** Runs a program by bare node. */
  #run(program: string): Deferred<Ended> {
    const file = `${this.mktemp()}-program.mjs`;
    writeFileSync(file, `import { deferLater, react, reactor } from 'txtrial/internet';\n${program}`);
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
    const done = new Deferred<Ended>(() => child.kill());
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('close', (status) => done.callback({ status, out, said }));
    return done;
  }
}
