import type { ExitCode } from '../events/events.js';
import { RunOutput } from '../output/run_output.js';
import type { Begun } from './supervise.js';
import { attend } from './supervisor.js';

/** Reports on a run to the outputs of this process. @returns the exit status. */
export async function report(begun: Begun): Promise<ExitCode> {
  const output = new RunOutput(process.env);
  process.on('exit', () => output.flushBlocking());
  const status = await attend(begun, output);
  await output.drain();
  if (output.error === undefined) return status;
  output.stderr.write(`trial: Cannot write the report: ${output.error.message}\n`);
  return status === 0 ? 1 : status;
}
