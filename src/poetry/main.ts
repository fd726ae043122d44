import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { reactor } from 'txtrial/internet';
import { parseAddress } from './address.js';
import { FastPoetryFactory } from './fast_server.js';
import { getAll } from './get.js';
import { Mistake } from './mistake.js';
import { readPoem } from './poem_file.js';
import { type ListenOptions, serve } from './serve.js';
import { SlowPoetryFactory } from './slow_server.js';

declare const TXTRIAL_VERSION: string;

/**
 * The `poetry` command.
 *
 * @param argv - What follows the command's name.
 * @returns The exit status: 0, 1 if a poem could not be had, 2 if it was called wrongly.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command('poetry')
    .description('Serve poems over TCP, fast or slowly, and get them.')
    .version(TXTRIAL_VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'poetry: ')) });

  serverCommand(program, 'fast', 'serve the poem in FILE, all at once').action(
    async (file: string, options: ListenOptions) => {
      status = await serve(file, new FastPoetryFactory(readPoem(file)), options);
    },
  );
  serverCommand(program, 'slow', 'serve the poem in FILE a few bytes at a time')
    .option('--num-bytes <n>', 'bytes to send at a time', wholeNumber(1, Number.MAX_SAFE_INTEGER), 10)
    .option('--delay <seconds>', 'seconds between two sendings', seconds, 0.1)
    .action(async (file: string, options: ListenOptions & { readonly numBytes: number; readonly delay: number }) => {
      const { numBytes, delay } = options;
      const factory = new SlowPoetryFactory(readPoem(file), { numBytes, delay, clock: reactor });
      status = await serve(file, factory, options);
    });
  program
    .command('get')
    .description('get the poems of these servers, all at once, and print them')
    .argument('<[host:]port...>', 'where the servers listen; the host is 127.0.0.1 unless given')
    .action(async (addresses: readonly string[]) => {
      status = await getAll(addresses.map(parseAddress));
    });

  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`poetry: ${error.message}\n`);
    return 2;
  }
  return status;
}

function serverCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<file>', 'file that holds one poem, or one of the poems that ship with the package')
    .option('--iface <address>', 'interface to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0: a free one', wholeNumber(0, 65535), 0);
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Write a whole number ${range}.`);
    }
    return value;
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('Write a number of seconds, 0 or more, such as 0.25.');
  }
  return value;
}
