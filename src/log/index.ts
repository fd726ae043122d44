/// <reference types="node" preserve="true" />
/** `txtrial/log`: messages and errors, and who hears of them. */
export { callWithContext, type LogContext } from './context.js';
export type { FailureLike } from './failure_shape.js';
export { FileLogObserver, startLogging, type TextSink } from './file_observer.js';
export { addObserver, err, type LogEvent, type LogObserver, msg, removeObserver } from './publisher.js';
