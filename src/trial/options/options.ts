import type { TestOrder } from '../discover/order.js';

/** Everything a run was asked for: made once from defaults, configuration and argv, then only read. */
export interface Options {
  /** Paths, folders, globs, dotted ids, `path:Class.method`, as given. */
  readonly selectors: readonly string[];
  /** The directory that trial was started in; ids are relative to it. */
  readonly cwd: string;
  readonly reporter: string;
  /** Made in `cwd` unless absolute. */
  readonly tempDirectory: string;
  readonly logFile: string;
  /** Run the tests with the temporary directory as working directory. */
  readonly chdir: boolean;
  readonly order: TestOrder;
  /** Of a random order; undefined: not random. */
  readonly randomSeed: number | undefined;
  readonly recurse: boolean;
  readonly exitFirst: boolean;
  readonly untilFailure: boolean;
  readonly repeat: number;
  readonly dryRun: boolean;
  readonly list: boolean;
  readonly grep: RegExp | undefined;
  /** Replaces the default of 120 seconds; 0: no timeouts. */
  readonly timeoutSeconds: number;
  readonly uncleanWarnings: boolean;
  readonly rtErrors: boolean;
  readonly debugStacktraces: boolean;
  readonly forceGc: boolean;
  /** Modules to import before the tests. */
  readonly imports: readonly string[];
}
