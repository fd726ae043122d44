/** Requests that tests have left: what their answers bring about may still go wrong. */
import type { Made } from './made.js';

const requests = new Set<Made>();

/** Keeps a thing that a test has left, if it is a request. */
export function noteUnanswered(made: Made): void {
  if (made.kind === 'request' && made.state() === 'left') requests.add(made);
}

/** Whether an answer is still to come. Node 26 does not list each request among what is active. */
export function isAnyUnanswered(): boolean {
  for (const made of requests) {
    if (made.state() === 'left') return true;
    requests.delete(made);
  }
  return false;
}
