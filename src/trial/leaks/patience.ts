/** After so many turns, what is slow is looked at now and then. */
const TURNS = 100;
const PAUSE_MS = 5;

/** How to wait: in the runner's own timers. */
export interface Patience {
  soon<A>(f: (argument: A) => void, argument: A): void;
  setTimer<A>(f: (argument: A) => void, ms: number, argument: A): void;
  nowMs(): number;
}

/** Has `goOn(argument)` called for the next look at something. @param turns - How many looks there were. */
export function lookAgain<A>(patience: Patience, turns: number, goOn: (argument: A) => void, argument: A): void {
  if (turns < TURNS) patience.soon(goOn, argument);
  else patience.setTimer(goOn, PAUSE_MS, argument);
}
