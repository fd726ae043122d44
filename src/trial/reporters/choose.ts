import type { ReporterFactory } from './reporter.js';
import createTreeReporter from './tree.js';

type ReporterModule = { readonly default: ReporterFactory };

/** The reporters that come with trial; all but the default one are loaded when they are chosen. */
export const REPORTERS: Readonly<
  Record<string, { readonly description: string; readonly load: () => ReporterModule | Promise<ReporterModule> }>
> = {
  verbose: {
    description: 'a tree of modules, classes and tests, in colour (the default)',
    load: () => ({ default: createTreeReporter }),
  },
  bwverbose: { description: 'a line for each test, without colour', load: () => import('./lines.js') },
  text: { description: 'one character for each test', load: () => import('./text.js') },
  summary: { description: 'only the numbers at the end', load: () => import('./summary.js') },
  timing: { description: 'a line for each test, and the time that it took', load: () => import('./timing.js') },
  json: { description: 'the events of the run as JSON, one a line', load: () => import('./json.js') },
};

/** Other names of reporters. */
const ALIASES: Readonly<Record<string, string>> = { tree: 'verbose' };

/** Whether it is one of the reporters that come with trial. */
export function isOurs(name: string): boolean {
  return Object.hasOwn(REPORTERS, ALIASES[name] ?? name);
}

/** The factory of one of the reporters that come with trial; undefined: there is none of that name. */
export async function chooseReporter(name: string): Promise<ReporterFactory | undefined> {
  if (!isOurs(name)) return undefined;
  const module = REPORTERS[ALIASES[name] ?? name]?.load();
  return (module instanceof Promise ? await module : module)?.default;
}

/** What `--help-reporters` prints. */
export function describeReporters(): string {
  const width = Math.max(...Object.keys(REPORTERS).map((name) => name.length));
  const lines = Object.entries(REPORTERS).map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`);
  return `Reporters, for --reporter:\n\n${lines.join('\n')}\n
A path (./my_reporter.js) or a package's name is a module whose default export
makes a reporter: a function from ReporterOptions to a Reporter of
'txtrial/reporter'.\n`;
}
