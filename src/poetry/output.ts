import { describeSystemError } from './system_error.js';

/** Ends the process when its output cannot be written, with a line that says so. */
export function guardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop early, as `head` does: the rest is not wanted then.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`poetry: Cannot write the output: ${describeSystemError(error)}.\n`);
    process.exit(1);
  });
  // There is nowhere left to say it, and a server without its log serves all the same.
  process.stderr.on('error', () => {});
}
