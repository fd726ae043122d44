/**
 * Whether output should have colours: `NO_COLOR` that is not empty says no, else `FORCE_COLOR` says yes (`0` and
 * `false`: no), else a terminal has them.
 *
 * @param env - Of the process.
 * @param isTerminal - Whether the output is a terminal; asked only when the environment leaves it open.
 * @see https://no-color.org and https://force-color.org
 */
export function wantsColours(env: Readonly<Record<string, string | undefined>>, isTerminal: () => boolean): boolean {
  if (env.NO_COLOR) return false;
  const force = env.FORCE_COLOR;
  if (force) return force !== '0' && force !== 'false';
  return isTerminal() && env.TERM !== 'dumb';
}
