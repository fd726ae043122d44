/** Keeps what the runner makes for itself off the books of the test in whose context it makes it. */

/** Whether what is being made or changed is the runner's doing. */
export const own = { making: false };
