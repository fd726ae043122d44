/** Where text of the runner's goes, and whether colours are wanted there. */
export interface TextOutput {
  write(text: string): void;
  readonly colours: boolean;
  readonly isTerminal?: boolean;
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
   * From now on `onText` is given what tests write: to stdout instead of it, to stderr besides. undefined: it goes to
   * stdout again.
   */
  redirect(onText: ((text: string, stream: 'stdout' | 'stderr') => void) | undefined): void;
  /** Writes what is held back. */
  flush(): void;
  /** Fires when everything has left the process. */
  drain(): Promise<void>;
  /** Writes the rest before it returns: the process is about to end. */
  flushBlocking(): void;
}
