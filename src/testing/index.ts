/** `txtrial/testing`: what tests of asynchronous code use instead of time and the network. */
export { Clock } from '../internet/clock.js';
