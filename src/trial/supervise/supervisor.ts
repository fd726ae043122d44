import { errorText } from '../../internet/error_text.js';
import { blockedNotice } from '../blocked_notice.js';
import type { ExitCode } from '../events/events.js';
import type { Output } from '../output/output.js';
import { isOurs } from '../reporters/choose.js';
import { UsageError } from '../usage_error.js';
import { AfterDeath } from './after_death.js';
import { Course } from './course.js';
import { describeDeath, howItEnded } from './death.js';
import { DumpRelay } from './dump_relay.js';
import type { Frame, Reporting, Resume } from './frames.js';
import type { InterruptRelay } from './interrupt_relay.js';
import { type Exit, type Launched, launch } from './launch.js';
import { MemoryWatch } from './memory.js';
import { receive } from './receive.js';
import { RunReport } from './run_report.js';
import type { Begun } from './supervise.js';

/**
 * Reports what the process tells, and starts a fresh one for the rest each time it dies.
 *
 * @returns The exit status.
 */
export async function attend({ first, relay }: Begun, output: Output): Promise<ExitCode> {
  const supervisor = new Supervisor(output, relay);
  try {
    const status = await supervisor.run(first);
    return status === 0 && supervisor.hadErrors ? 1 : status;
  } catch (error) {
    supervisor.stop(error);
    return 2;
  } finally {
    supervisor.close();
  }
}

class Supervisor {
  readonly #output: Output;
  readonly #relay: InterruptRelay;
  readonly #dumpRelay = new DumpRelay();
  readonly #report: RunReport;
  readonly #afterDeath: AfterDeath;
  #errors = 0;
  #usageError: string | undefined;
  /** Of the process that is on. */
  #course: Course | undefined;

  constructor(output: Output, relay: InterruptRelay) {
    this.#output = output;
    this.#relay = relay;
    this.#report = new RunReport(output);
    this.#afterDeath = new AfterDeath(this.#report);
    this.#dumpRelay.start();
    process.on('uncaughtException', this.#failed);
    process.on('unhandledRejection', this.#failed);
    process.on('exit', this.#exiting);
    relay.onIgnored = (signal) => output.stderr.write(blockedNotice(signal));
  }

  async run(first: Launched): Promise<ExitCode> {
    for (let child = first; ; ) {
      const course = new Course(child);
      this.#course = course;
      this.#report.attempts.newProcess();
      const exit = await this.#watch(course);
      const next = await this.#processOver(course, exit);
      if (typeof next === 'number') return next;
      child = launch(JSON.stringify(next));
    }
  }

  /** Whether something went wrong in this process, which is a reporter's doing. */
  get hadErrors(): boolean {
    return this.#errors > 0;
  }

  readonly #failed = (error: unknown): void => {
    this.#errors += 1;
    this.#report.failed(error);
  };

  /** A reporter ends the process: then nobody knows what becomes of the tests. */
  readonly #exiting = (): void => {
    if (process.exitCode) return;
    process.exitCode = 1;
    const name = this.#report.options?.reporter;
    this.#output.stderr.write(`trial: The reporter ${name} ended the process before the run was over.\n`);
  };

  /** Something is wrong with the supervisor itself. */
  stop(error: unknown): void {
    this.#course?.kill();
    const text = errorText(error, { all: true });
    this.#output.stderr.write(`trial: A mistake in trial itself. Please report it (npm bugs txtrial). ${text}\n`);
  }

  /** Leaves everything as it was. */
  close(): void {
    process.off('exit', this.#exiting);
    this.#relay.stop();
    this.#dumpRelay.stop();
    this.#report.directory.release();
  }

  /** Waits until the process is over and all that it has said was dealt with. */
  async #watch(course: Course): Promise<Exit & { readonly memoryBytes: number | undefined }> {
    const { child } = course;
    this.#relay.follow(child.process);
    this.#dumpRelay.follow(child.process);
    const memory = new MemoryWatch(child.process.pid);
    const onFrame = (frame: Frame) => {
      if (frame.type === 'plan') memory.look();
      return this.#received(frame, course);
    };
    const onStderr = (text: string) => this.#report.write('stderr', text);
    const exit = await receive(child, onFrame, onStderr, (how) => course.hasDied(how) && child.killOrphans());
    memory.stop();
    return { ...exit, memoryBytes: memory.peakBytes };
  }

  #received(frame: Frame, course: Course): Promise<void> | undefined {
    switch (frame.type) {
      case 'reporting':
        return this.#makeReporter(frame, course);
      case 'directory':
        this.#report.directory.taken(frame);
        break;
      case 'loading':
        course.loading = frame.id;
        break;
      case 'plan':
        course.isPlanned = true;
        this.#report.planned(frame.items);
        break;
      case 'attemptBegun':
        course.hasBegun = true;
        this.#report.attemptBegun(frame.startedAt);
        break;
      case 'attemptsMade':
        this.#report.attempts.told(frame.attempts);
        break;
      case 'stdout':
      case 'stderr':
        this.#report.write(frame.type, frame.text);
        break;
      case 'interrupted':
        this.#relay.arrived();
        break;
      case 'end':
        course.ended = frame.status;
        course.endsByForce = frame.isByForce;
        break;
      default:
        course.add(frame);
        this.#report.event(frame);
    }
    return undefined;
  }

  async #makeReporter(reporting: Reporting, course: Course): Promise<void> {
    try {
      // The other process cannot bring a reporter's module further: alone, this one sees that it waits for ever.
      course.child.setKeepsAlive(isOurs(reporting.options.reporter));
      const takesOutput = await this.#report.begin(reporting).finally(() => course.child.setKeepsAlive(true));
      if (takesOutput !== undefined) course.child.wire.write(`${JSON.stringify({ takesOutput })}\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#usageError = error.message;
      course.kill();
    }
  }

  /** The process is over, in good order or not. @returns what a fresh one is told, or the status to end with. */
  async #processOver(
    course: Course,
    exit: Exit & { readonly memoryBytes: number | undefined },
  ): Promise<Resume | ExitCode> {
    if (this.#usageError !== undefined) {
      this.#output.stderr.write(`trial: ${this.#usageError}\n`);
      return 2;
    }
    const report = this.#report;
    if (course.ended !== undefined && !course.hasDied(exit)) {
      if (report.finished !== undefined) await report.close();
      // A listener for the end of the process may have chosen another status.
      const status = (exit.code ?? course.ended) as ExitCode;
      return status === 0 && report.isBroken ? 1 : status;
    }
    const { status, signal } = this.#relay;
    if (status !== undefined) return this.#afterDeath.interrupted(signal, status);
    const text = howItEnded(exit);
    const how = describeDeath({ exit, memoryBytes: exit.memoryBytes, output: report.lastOutput });
    if (report.finished !== undefined) {
      report.tell(`The process of the tests died after the run was over. ${how}`);
      await report.close();
      return report.finished.exitCode === 0 ? 1 : report.finished.exitCode;
    }
    const next = await this.#afterDeath.died(course, how);
    const rest = typeof next === 'number' ? '' : ' A fresh one runs the rest.';
    this.#output.stderr.write(`trial: The process of the tests has died. ${text}.${rest}\n`);
    return next;
  }
}
