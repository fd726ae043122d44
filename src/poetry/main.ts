import { Command, CommanderError, Option } from 'commander';
import { reactor } from 'txtrial/internet';
import { formatAddress, parseAddress, type ServerAddress } from './address.js';
import { getPoetryBytes } from './client.js';
import { interfaceName, only, seconds, several, transformName, wholeNumber } from './command_line.js';
import { FastPoetryFactory } from './fast_server.js';
import { type GetOptions, getAll } from './get.js';
import { onInterrupt } from './interrupt.js';
import { Mistake } from './mistake.js';
import { readPoem } from './poem_file.js';
import { PoetryProxyFactory } from './proxy_server.js';
import { ProxyService } from './proxy_service.js';
import { type ListenOptions, serve } from './serve.js';
import { SlowPoetryFactory, type SlowPoetryOptions } from './slow_server.js';
import { TransformProxy } from './transform_client.js';
import { TransformFactory } from './transform_server.js';
import { TransformService } from './transform_service.js';

declare const TXTRIAL_VERSION: string;

/**
 * The `poetry` command.
 *
 * @param argv - What follows the command's name.
 * @returns The exit status: 0, also of a server that was told to stop; 1 if a poem could not be had, 2 if it was called
 * wrongly, 130 and 143 if a client was ended by SIGINT or SIGTERM.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command('poetry')
    .description('Serve poems over TCP, fast or slowly, transform them, and get them.')
    .version(TXTRIAL_VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOneLine(text)) });

  poemsCommand(program, 'fast', 'serve the poem in each FILE, all at once')
    .argument('<file...>', POEM_FILE)
    .action(async (files: readonly string[], options: ListenOptions) => {
      status = await serve(
        files.map((file) => [`Serving ${file}`, new FastPoetryFactory(readPoem(file))]),
        options,
      );
    });

  poemsCommand(program, 'slow', 'serve the poem in each FILE a few bytes at a time')
    .argument('<file...>', POEM_FILE)
    .option('--num-bytes <n>', 'bytes to send at a time', wholeNumber(1, Number.MAX_SAFE_INTEGER), 10)
    .option('--delay <seconds>', 'seconds between two sendings', seconds, 0.1)
    .option('--blocking', 'serve one client after another')
    .action(async (files: readonly string[], options: ListenOptions & Omit<SlowPoetryOptions, 'clock'>) => {
      const slowness = { ...options, clock: reactor };
      status = await serve(
        files.map((file) => [`Serving ${file}`, new SlowPoetryFactory(readPoem(file), slowness)]),
        options,
      );
    });

  serverCommand(
    program,
    'transform',
    'transform poems: the request is a netstring NAME.TEXT, the answer another one',
  ).action(async (options: ListenOptions) => {
    status = await serve([['Serving transforms', new TransformFactory(new TransformService())]], options);
  });

  transformOptions(serverCommand(program, 'proxy', 'serve the poem of another server, and keep it for a time'))
    .argument('<[host:]port>', 'where that server listens; the host is 127.0.0.1 unless given', parseAddress)
    .option('--ttl <seconds>', 'seconds for which the poem is kept', seconds, 7200)
    .action(async (server: ServerAddress, options: ListenOptions & TransformOptions & { readonly ttl: number }) => {
      const service = new ProxyService(fetcher(server, options), { ttl: options.ttl, clock: reactor });
      const announcement = `Proxying ${formatAddress(server.host, server.port)}`;
      status = await serve([[announcement, new PoetryProxyFactory(service)]], options);
    });

  transformOptions(program.command('get'))
    .description('get the poems of these servers, all at once, and print them')
    .argument('<[host:]port...>', 'where the servers listen; the host is 127.0.0.1 unless given')
    .option('--blocking', 'get one poem after another')
    .option('--verbose', 'tell how the work goes')
    .option('--timeout <seconds>', 'seconds that each poem may take', seconds)
    .action(async (addresses: readonly string[], options: GetOptions) => {
      status = await getAll(addresses.map(parseAddress), options);
    });

  program
    .command('deferred')
    .description('read pairs of callback and errback, and draw which of them a Deferred fires')
    .option('--narrow', 'draw the two cases one under another')
    .action(async ({ narrow = false }: { readonly narrow?: boolean }) => {
      onInterrupt((interrupted) => process.exit(interrupted));
      const { createInterface } = await import('node:readline');
      const { runSimulator } = await import('./simulator/run_simulator.js');
      const lines = createInterface(process.stdin);
      const interactive = process.stdin.isTTY === true;
      try {
        await runSimulator({ lines, interactive, narrow, write: (text) => process.stdout.write(text) });
      } finally {
        lines.close();
        process.stdin.destroy();
      }
    });

  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`poetry: ${withoutControls(error.message)}\n`);
    return 2;
  }
  return status;
}

/** What commander says of a mistake, with where to look. */
function inOneLine(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
  return `poetry: ${withoutControls(line)}${line.endsWith('.') ? '' : '.'} See poetry --help.\n`;
}

/** On one line, whatever the user has named. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const POEM_FILE = 'file that holds one poem, or one of the poems that ship with the package';

function serverCommand(program: Command, name: string, description: string): Command {
  return listeningCommand(program, name, description).addOption(
    new Option('--port <n>', 'port to listen on; 0: a free one').default([], '0').argParser(only(portNumber)),
  );
}

function poemsCommand(program: Command, name: string, description: string): Command {
  const port =
    'port to listen on; 0: a free one. Again for a second poem; without that, poems take the ports that follow';
  return listeningCommand(program, name, description).addOption(
    new Option('--port <n>', port).default([], '0').argParser(several(portNumber)),
  );
}

function listeningCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--iface <address>', 'interface to listen on', interfaceName, '127.0.0.1');
}

const portNumber = wholeNumber(0, 65535);

interface TransformOptions {
  readonly transform?: ServerAddress;
  readonly transformName: string;
}

function transformOptions(command: Command): Command {
  return command
    .option('--transform <[host:]port>', 'have the poem transformed by the server that listens there', parseAddress)
    .option('--transform-name <name>', 'how', transformName, 'cummingsify');
}

/** Gets the poem that a proxy serves. */
function fetcher({ host, port }: ServerAddress, { transform, transformName }: TransformOptions) {
  if (transform === undefined) return () => getPoetryBytes(host, port);
  const proxy = new TransformProxy(transform);
  return () => getPoetryBytes(host, port).addCallback((poem) => proxy.xform(transformName, poem));
}
