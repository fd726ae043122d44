/** What the arguments and the environment say about supervision, before anything else is loaded. */
import { isCi } from '../options/is_ci.js';

/**
 * Set for a process that runs tests under supervision: the supervisor's pid, and `again` behind it if the process takes over
 * from one that has died.
 */
export const SUPERVISOR = 'TXTRIAL_SUPERVISOR';

/** `never` and `at once` are certain; the others leave it to the configuration, and say what goes without one. */
export type Wish = 'never' | 'at once' | 'unless configured' | 'if configured';

/** Options that print something and load nothing of the user's. */
const TEXTS = /^(?:-h|--help.*|--version)$/;

/** Finds out whether the tests are to run under supervision. */
export function superviseWish(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  execArgv: readonly string[],
): Wish {
  const options = optionsOf(argv);
  // A bisection starts processes of its own.
  if (printsOnly(argv) || options.some((argument) => argument === '--list' || argument === '--bisect')) return 'never';
  for (const argument of options.toReversed()) {
    if (argument === '--supervise') return 'at once';
    if (argument === '--no-supervise') return 'never';
  }
  if (!isCi(env)) return 'if configured';
  // Whoever debugs wants to be connected to the process that runs the tests.
  const isDebugged = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(' ')].some((text) => text.startsWith('--inspect'));
  return isDebugged ? 'if configured' : 'unless configured';
}

/** Whether it is only asked for a text. */
export function printsOnly(argv: readonly string[]): boolean {
  return optionsOf(argv).some((argument) => TEXTS.test(argument));
}

function optionsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** Whether the configuration may say something of supervision: then it has to be read. */
export function mayBeConfigured(workingDirectory: () => string): boolean {
  // Not imported: this is in a file of its own, which has to be read before anything else.
  const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs');
  try {
    const folder = workingDirectory();
    if (readdirSync(folder).some((name) => name.startsWith('trial.config.'))) return true;
    return readFileSync(`${folder}/package.json`, 'utf8').includes('"supervise"');
  } catch {
    return false;
  }
}

/** A process that runs tests under supervision. */
export interface SupervisedBy {
  readonly supervisor: number;
  /** Another process has died before this one. */
  readonly again: boolean;
}

/** Whether this process is such a one; takes the sign from its environment, so that no process of a test's has it. */
export function takeSupervisor(env: Record<string, string | undefined>): SupervisedBy | undefined {
  const text = env[SUPERVISOR];
  if (text === undefined) return undefined;
  delete env[SUPERVISOR];
  const [pid, again] = text.split(' ');
  return { supervisor: Number(pid), again: again === 'again' };
}
