/** What is said when a step of a test is written in a way that cannot work. Pure functions of the names involved. */

/** The first text of a step that took too long. */
export function timeoutText(testId: string, step: string, seconds: number): string {
  return `${testId} (${step}) still running at ${seconds} secs`;
}

/** A step, or something that it began, has kept the event loop from turning. */
export function blocksText(testId: string, step: string, seconds: number): string {
  return `${testId} (${step}) blocks the event loop, still at ${seconds} secs`;
}

/** A step, or something that it began, has kept the event loop from turning until somebody interrupted it. */
export function blockedText(testId: string, step: string): string {
  return `${testId} (${step}) was interrupted while it blocked the event loop`;
}

/** A step waits, and nothing is left that could end the wait. */
export function nothingLeftText(testId: string, step: string): string {
  return (
    `${testId} (${step}) waits for something that can never come: ` +
    'no timer, socket, process or other work is left that could fire it'
  );
}

/** Trial has met what some test has replaced. */
export function stalledText(testId: string, step: string): string {
  return `${testId} (${step || 'at its beginning'}) was ended: what all code relies on was replaced when trial needed it`;
}

/** A step that returned a generator: most of the time it is a generator function without its decorator. */
export function notRun(step: string): string {
  return (
    `${step} returned a generator, which nobody runs. ` +
    `Decorate the generator function with @inlineCallbacks from 'txtrial/internet', or make it an async one.`
  );
}

/** `addCleanup` or `patch` in tearDown. */
export function lostCleanupsText(testId: string, count: number): string {
  return (
    `${testId} added ${count === 1 ? 'a cleanup' : `${count} cleanups`} in tearDown, after which no cleanup runs. ` +
    'Do in tearDown itself what is to be done, or add cleanups in setUp or the test.'
  );
}

/** A class field that holds a function. */
export function notMethod(name: string): string {
  return `${name} is a class field that holds a function. Make it a method: ${name}() { … }`;
}

/** A name that ought to be a method and is something else. */
export function notCallable(name: string, what: string): string {
  return `${name} is not a method but ${what}. Make it a method, or give it another name.`;
}

/** A SynchronousTestCase's step that returned something to wait for. */
export function refusesToWait(step: string, what: string): string {
  return (
    `${step} returned a ${what}, for which a SynchronousTestCase does not wait. ` +
    'Return nothing, or extend TestCase instead.'
  );
}
