/** How many steps of tests have begun, where another thread can see it while this one is busy. */
export const steps = new Int32Array(new SharedArrayBuffer(4));
