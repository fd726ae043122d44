/** What users write to talk to a child process. */
import type { Failure } from './failure.js';
import type { ProcessTransport } from './process_transport.js';

/**
 * Hears what becomes of a process and of its pipes. Subclasses override what they need.
 *
 * @see Twisted, protocol.ProcessProtocol
 */
export class ProcessProtocol {
  /** The process; there from `makeConnection` on. */
  declare transport: ProcessTransport;

  /** Gives the protocol its process and calls `connectionMade`. */
  makeConnection(transport: ProcessTransport): void {
    this.transport = transport;
    this.connectionMade();
  }

  /** The process was started. */
  connectionMade(): void {}

  /** The process has written: calls `outReceived` for 1 and `errReceived` for 2. */
  childDataReceived(childFD: number, data: Buffer): void {
    if (childFD === 1) this.outReceived(data);
    else if (childFD === 2) this.errReceived(data);
  }

  /** The process has written to its standard output. */
  outReceived(_data: Buffer): void {}

  /** The process has written to its standard error. */
  errReceived(_data: Buffer): void {}

  /** A pipe is closed: calls `inConnectionLost`, `outConnectionLost` or `errConnectionLost`. */
  childConnectionLost(childFD: number): void {
    if (childFD === 0) this.inConnectionLost();
    else if (childFD === 1) this.outConnectionLost();
    else if (childFD === 2) this.errConnectionLost();
  }

  /** The standard input of the process is closed. */
  inConnectionLost(): void {}

  /** The standard output of the process is closed. */
  outConnectionLost(): void {}

  /** The standard error of the process is closed. */
  errConnectionLost(): void {}

  /** The process has ended; something it wrote may still come. */
  processExited(_reason: Failure): void {}

  /**
   * The process has ended and all its pipes are closed.
   *
   * @param _reason - Its `value` is a ProcessDone for exit code 0, else a ProcessTerminated.
   */
  processEnded(_reason: Failure): void {}

  /** The name of the system that a line in the log comes from; the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }
}
