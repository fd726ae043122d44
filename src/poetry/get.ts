import { type Deferred, DeferredList, Failure, inlineCallbacks, reactor } from 'txtrial/internet';
import { formatAddress, type ServerAddress } from './address.js';
import { formatElapsed } from './elapsed.js';
import { GetTask, type GetTaskOptions } from './get_task.js';

/** How poems are got. */
export interface GetOptions extends Omit<GetTaskOptions, 'say'> {
  /** Whether it is told on stdout how the work goes. */
  readonly verbose?: boolean;
}

/**
 * Gets the poems of all servers, at once or one after another, prints them in the order of the servers, says on stderr
 * which failed.
 *
 * @returns The exit status: 0, or 1 if a poem could not be had.
 */
export async function getAll(servers: readonly ServerAddress[], options: GetOptions = {}): Promise<number> {
  let status = 1;
  reactor.callWhenRunning(() => {
    const started = reactor.seconds();
    const say = options.verbose ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
    const tasks = servers.map((server, i) => new GetTask(i + 1, server, { ...options, say }));
    const results = options.blocking ? oneAfterAnother(tasks) : allAtOnce(tasks);
    results
      .addCallback((poems) => {
        const arrived = poems.filter((poem) => !(poem instanceof Failure)).length;
        say?.(`Got ${arrived} poems in ${formatElapsed(reactor.seconds() - started)}`);
        for (const [i, poem] of poems.entries()) {
          if (poem instanceof Failure) process.stderr.write(describeFailure(servers[i] as ServerAddress, poem));
          else process.stdout.write(poem);
        }
        if (arrived === servers.length) status = 0;
      })
      .addBoth((result) => {
        reactor.stop();
        return result;
      });
  });
  await reactor.run();
  return status;
}

type Results = readonly (Buffer | Failure)[];

function allAtOnce(tasks: readonly GetTask[]): Deferred<Results> {
  const poems = tasks.map((task) => task.getPoem());
  return new DeferredList(poems, { consumeErrors: true }).addCallback((results) => results.map(([, result]) => result));
}

const oneAfterAnother = inlineCallbacks(function* (tasks: readonly GetTask[]) {
  const results: (Buffer | Failure)[] = [];
  for (const task of tasks) {
    try {
      results.push(yield* task.getPoem());
    } catch (error) {
      results.push(new Failure(error));
    }
  }
  return results as Results;
});

function describeFailure({ host, port }: ServerAddress, reason: Failure): string {
  return `The poem download failed. ${formatAddress(host, port)}: ${reason.getErrorMessage()}\n`;
}
