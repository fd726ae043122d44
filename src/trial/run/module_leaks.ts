/** What modules open when they are loaded, and what their servers accept: it has to be closed when their tests are over. */
import { allowedBy } from '../leaks/allowed.js';
import { ServerMade } from '../leaks/connection_made.js';
import { HandleMade } from '../leaks/handle_made.js';
import { Inspection } from '../leaks/inspection.js';
import type { Made, Maker } from '../leaks/made.js';
import { chargeLeaks, PATIENCE } from '../life/left_over.js';
import { leaksAre, type Options } from '../options/options.js';
import { strayProblem } from './stray_problem.js';
import type { SuiteProblem } from './suite.js';

/** A module that tests are in, or that was loaded for them. */
export interface ModuleMaker extends Maker {
  /** As the user would write it. */
  readonly id: string;
}

/**
 * Looks at what a module has open, closes it, and says what it was.
 *
 * @param file - Only what was made in this file; undefined: all, also what was made in modules that it imports.
 * @param allowed - Kinds and packages.
 * @param over - Is told when that is done, with errors and the names of what is allowed.
 * @returns Whether it will be told: not when nothing is open.
 */
export function inspectModule(
  maker: ModuleMaker,
  file: string | undefined,
  allowed: readonly string[],
  options: Options,
  over: (problems: readonly SuiteProblem[], allowedLeaks: readonly string[]) => void,
): boolean {
  const leaks = leaksAre(options);
  if (leaks === 'off') return false;
  const open = (maker.made ?? []).filter(isOpen);
  const wanted = open.filter(({ place }) => file === undefined || String(place).startsWith(`${file}:`));
  maker.made = open.filter((made) => !wanted.includes(made));
  for (const { partOf } of wanted) if (partOf instanceof ServerMade) partOf.closeIdle();
  const allows = (made: Made) => allowedBy(made, allowed);
  const inspection = Inspection.begin({ made: wanted }, allows, PATIENCE);
  if (inspection === undefined) return false;
  const look = (): void => {
    if (inspection.waits(options.timeoutSeconds, look, undefined)) return;
    const problems: SuiteProblem[] = [];
    const allowedLeaks: string[] = [];
    chargeLeaks(
      inspection.take(),
      { leaks },
      (failure) => problems.push(strayProblem(maker.id, failure, WHERE)),
      (name) => allowedLeaks.push(name),
    );
    over(problems, allowedLeaks);
  };
  PATIENCE.soon(look, undefined);
  return true;
}

const WHERE =
  'No test made it: it belongs to the file, whose tests are over. Close it by then, or have a server not keep the process alive: unref().';

/** What does not keep the process alive may stay. */
function isOpen(made: Made): boolean {
  if (!(made instanceof HandleMade)) return false;
  const state = made.state();
  return (state === 'left' || state === 'closing') && made.hasRef;
}
