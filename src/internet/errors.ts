/**
 * Every error class of the asynchronous core, under Twisted's names.
 *
 * Each has a stable `code`, so that a caller may tell them apart without importing the class.
 */

import type { Failure } from './failure.js';

/** The base that gives each class its own `name` and `code` without writing either down in each of them. */
class CoreError extends Error {
  /** Stable across versions: `TXTRIAL_` and the class's name. */
  get code(): string {
    return `TXTRIAL_${this.name}`;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

// Deferreds

/** A Deferred was fired (`callback` or `errback`) although it had fired already. */
export class AlreadyCalledError extends CoreError {}

/** What a Deferred fails with when it is cancelled and its canceller gives it nothing else. */
export class CancelledError extends CoreError {}

/** A wait took longer than it was allowed to: of a Deferred (`addTimeout`) or of a step of a test. */
export class TimeoutError extends CoreError {}

/** A DeferredQueue has no room for one more object. */
export class QueueOverflow extends CoreError {}

/** A DeferredQueue has no room for one more waiter. */
export class QueueUnderflow extends CoreError {}

/** The first Deferred of several that failed: which one, and how. */
export class FirstError extends CoreError {
  /** How it failed. */
  readonly subFailure: Failure;
  /** Its place among the Deferreds that were waited for, or its key. */
  readonly index: number | string;

  constructor(subFailure: Failure, index: number | string) {
    super(`#${index} failed: ${subFailure.type?.name ?? typeof subFailure.value}: ${subFailure.getErrorMessage()}`);
    this.subFailure = subFailure;
    this.index = index;
  }
}

/** All of several Deferreds failed; the failures are in the order of the Deferreds. */
export class FailureGroup extends CoreError {
  /** One of each Deferred. */
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(`All of ${failures.length} failed.`);
    this.failures = failures;
  }

  /** The errors inside the failures, as an AggregateError has them. */
  get errors(): readonly unknown[] {
    return this.failures.map((failure) => failure.value);
  }
}

// Tasks

/** A cooperative task is over, so it cannot be paused, resumed or stopped. */
export class TaskFinished extends CoreError {}

/** A cooperative task was stopped. */
export class TaskStopped extends TaskFinished {}

/** A cooperative task has come to its end. */
export class TaskDone extends TaskFinished {}

/** A cooperative task ended in an error. */
export class TaskFailed extends TaskFinished {}

/** A cooperative task was resumed that is not paused. */
export class NotPaused extends CoreError {}

/** A Cooperator was stopped. */
export class SchedulerStopped extends CoreError {}

// Threads

/** A thread of a pool ended while it had work to do. */
export class ThreadDied extends CoreError {}

// Connections

/** A connection could not be made. */
export class ConnectError extends CoreError {
  /** The system's error number, where there is one. */
  readonly osError: number | string | undefined;

  constructor(message?: string, options?: ErrorOptions & { readonly osError?: number | string | undefined }) {
    super(message, options);
    this.osError = options?.osError;
  }
}

/** The local end of an outgoing connection could not be bound. */
export class ConnectBindError extends ConnectError {}

/** The name of the host is not known. */
export class UnknownHostError extends ConnectError {}

/** There is no way to the host. */
export class NoRouteError extends ConnectError {}

/** Nobody listens there. */
export class ConnectionRefusedError extends ConnectError {}

/** The connection was not made in the time that it was given. */
export class ConnectTimeoutError extends ConnectError {}

/** `stopConnecting()` or `disconnect()` ended an attempt that was under way. */
export class ConnectingCancelledError extends ConnectError {}

/** The two ends could not agree on TLS: a certificate was refused, for one, or the other end does not speak TLS. */
export class SSLError extends ConnectError {}

/** A connection is over, in whichever way. */
export class ConnectionClosed extends CoreError {}

/** A connection was closed cleanly. */
export class ConnectionDone extends ConnectionClosed {}

/** A connection was lost in a way that was not clean. */
export class ConnectionLost extends ConnectionClosed {}

/** A connection was ended at once by `abortConnection()`. */
export class ConnectionAborted extends ConnectionClosed {}

/** A name could not be looked up. */
export class DNSLookupError extends CoreError {}

/** A port could not be listened on; its `cause` is the system's error. */
export class CannotListenError extends CoreError {
  /** As it was asked for; `''` for every one, and for UNIX sockets. */
  readonly interface: string;
  /** As it was asked for; of a UNIX socket its path. */
  readonly port: number | string;

  constructor(iface: string, port: number | string, cause: Error) {
    const where = typeof port === 'string' ? port : `${iface || 'any'}:${port}`;
    super(`Cannot listen on ${where}: ${cause.message}.`, { cause });
    this.interface = iface;
    this.port = port;
  }
}

/** `stopConnecting()` was called on a connector that is not connecting. */
export class NotConnectingError extends CoreError {}

// Processes

/** A process has ended with exit code 0. */
export class ProcessDone extends ConnectionDone {
  /** As in ProcessTerminated. */
  readonly exitCode = 0;
  /** As in ProcessTerminated. */
  readonly signal = null;
  /** As in ProcessTerminated. */
  readonly status = 0;

  constructor() {
    super('A process has ended without apparent errors: process finished with exit code 0.');
  }
}

/** A process has ended with another exit code, or by a signal. */
export class ProcessTerminated extends ConnectionLost {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** The number of the signal that ended it, or null. */
  readonly signal: number | null;
  /** As the system's `wait` has it: 256 times the exit code, or the signal. */
  readonly status: number;

  constructor(exitCode: number | null, signal: number | null, status: number) {
    const how = signal === null ? `with exit code ${exitCode}` : `by signal ${signal}`;
    super(`A process has ended with a probable error condition: process ended ${how}.`);
    this.exitCode = exitCode;
    this.signal = signal;
    this.status = status;
  }
}

/** A process was to be signalled that has ended. */
export class ProcessExitedAlready extends CoreError {}

// The reactor

/** A DelayedCall was cancelled or moved after it had run. */
export class AlreadyCalled extends CoreError {}

/** A DelayedCall was cancelled or moved after it had been cancelled. */
export class AlreadyCancelled extends CoreError {}

/** `reactor.stop()` while the reactor is not running. */
export class ReactorNotRunning extends CoreError {}

/** `reactor.run()` after the reactor has stopped: it runs once in the life of a process. */
export class ReactorNotRestartable extends CoreError {}

/** `reactor.run()` while the reactor is running. */
export class ReactorAlreadyRunning extends CoreError {}
