import { type Deferred, DeferredList, Failure, inlineCallbacks, reactor } from 'txtrial/internet';
import { formatAddress, type ServerAddress } from './address.js';
import { formatElapsed } from './elapsed.js';
import { GetTask, type GetTaskOptions } from './get_task.js';
import { onInterrupt } from './interrupt.js';

/** How poems are got. */
export interface GetOptions extends Omit<GetTaskOptions, 'say'> {
  /** Whether it is told on stdout how the work goes. */
  readonly verbose?: boolean;
}

/**
 * Gets the poems of all servers, at once or one after another, prints them in the order of the servers, says on stderr
 * which failed.
 *
 * Each poem is printed as it came; the next one begins on a line of its own.
 *
 * @returns The exit status: 0, or 1 if a poem could not be had; 130 or 143 if the program was interrupted, and then
 * nothing is printed.
 */
export async function getAll(servers: readonly ServerAddress[], options: GetOptions = {}): Promise<number> {
  const started = reactor.seconds();
  const say = options.verbose ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  let poems: Results | undefined;
  let interrupted: number | undefined;
  const endWatch = onInterrupt((status) => {
    const stopping = poems !== undefined || interrupted !== undefined;
    interrupted = status;
    if (!stopping) reactor.stop();
  });
  reactor.callWhenRunning(() => {
    const tasks = servers.map((server, i) => new GetTask(i + 1, server, { ...options, say }));
    const results = options.blocking ? oneAfterAnother(tasks) : allAtOnce(tasks);
    results.addCallback((all) => {
      // The end of connections that an interrupt has closed is of no interest.
      if (interrupted !== undefined) return;
      poems = all;
      reactor.stop();
    });
  });
  await reactor.run({ installSignalHandlers: false });
  endWatch();
  if (poems === undefined || interrupted !== undefined) return interrupted ?? 1;
  const arrived = poems.filter((poem) => !(poem instanceof Failure)).length;
  say?.(`Got ${arrived} poems in ${formatElapsed(reactor.seconds() - started)}`);
  print(servers, poems);
  return arrived === servers.length ? 0 : 1;
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

const NEWLINE = 10;

function print(servers: readonly ServerAddress[], poems: Results): void {
  let lineIsOpen = false;
  for (const [i, poem] of poems.entries()) {
    if (poem instanceof Failure) {
      process.stderr.write(describeFailure(servers[i] as ServerAddress, poem));
    } else if (poem.length > 0) {
      if (lineIsOpen) process.stdout.write('\n');
      process.stdout.write(poem);
      lineIsOpen = poem.at(-1) !== NEWLINE;
    }
  }
}

function describeFailure({ host, port }: ServerAddress, reason: Failure): string {
  return `The poem download failed. ${formatAddress(host, port)}: ${reason.getErrorMessage()}\n`;
}
