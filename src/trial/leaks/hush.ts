/** Keeps what the runner makes for itself off the books of the test in whose context it makes it. */

/** Whether a timer that is being made is the runner's own. */
export const own = { making: false };
