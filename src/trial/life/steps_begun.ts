/**
 * How many steps of tests have begun, where another thread can see it while this one is busy; and how many other things that
 * may block: modules that are loaded, instances that are made.
 */
export const steps = new Int32Array(new SharedArrayBuffer(8));

/** The place of the others. */
export const OTHERS = 1;
