/** Where text of the runner's goes, and whether colours are wanted there. */
export interface TextOutput {
  write(text: string): void;
  readonly colours: boolean;
  readonly isTerminal?: boolean;
}

export type StreamName = 'stdout' | 'stderr';

/** Hears of what tests write. */
export interface PrintListener {
  /** Whether what is about to be written is to be given to `printed` only. */
  takes(stream: StreamName): boolean;
  /** Told of what was written, or taken, in the asynchronous context of who wrote it. */
  printed(text: string, stream: StreamName): void;
}

/** Both outputs of a process for the time of a run: what the runner writes and what tests write, in order. */
export interface Output {
  /** For reports; batched. */
  readonly stdout: TextOutput;
  /** For what goes wrong; at once, and after what was reported before. */
  readonly stderr: TextOutput;
  /** Why the report is not whole; a reader that has gone does not count. */
  readonly error: NodeJS.ErrnoException | undefined;
  /**
   * From now on `listener` hears of what tests write to `process.stdout` and `process.stderr`, or by `fs` to their
   * descriptors; undefined: no more.
   */
  listen(listener: PrintListener | undefined): void;
  /** Writes what is held back. */
  flush(): void;
  /** As `flush`, before code of a test runs; not each time if that is very often. */
  flushBeforeTest(): void;
  /** Fires when everything has left the process. */
  drain(): Promise<void>;
  /** Writes the rest before it returns: the process is about to end. */
  flushBlocking(): void;
}
