/** A Failure is an error that has been caught and not yet dealt with. Errbacks are given one. */
import { ConnectError, ConnectionRefusedError, Failure, succeed } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

class OutOfInk extends Error {}

function writePoem(): never {
  throw new OutOfInk('the bottle is empty');
}

/** A stand-in for a terminal. */
class Paper {
  text = '';
  write(text: string): void {
    this.text += text;
  }
  /** The frames name this file; the path to it is not the same everywhere. */
  get lines(): readonly string[] {
    return this.text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/(?:file:\/\/)?\/\S*\/(?=test_failures)/, '').replace(/:\d+:\d+/, ''));
  }
}

export class FailureTests extends ProgramTestCase {
  /** It can be made by hand, of any error. What it says is what the error says. */
  test_made_by_hand() {
    const { print } = this;
    const failure = new Failure(new OutOfInk('the bottle is empty'));

    print(String(failure));
    print(failure.type === OutOfInk, failure.getErrorMessage());

    this.assertPrinted('[Failure instance: OutOfInk: the bottle is empty]', 'true the bottle is empty');
  }

  /** Usually it is made of what was caught, and brings along where that happened. */
  test_caught() {
    const { print } = this;
    let failure: Failure | undefined;
    try {
      writePoem();
    } catch (error) {
      failure = new Failure(error);
    }

    print('the catch block is over, the error is not:', failure);
    print(failure?.getTraceback().includes('writePoem'));

    this.assertPrinted(
      'the catch block is over, the error is not: [Failure instance: OutOfInk: the bottle is empty]',
      'true',
    );
  }

  /** The traceback: the message first, then the frames, the innermost one on top. */
  test_printed_with_frames() {
    const paper = new Paper();
    function compose() {
      writePoem();
    }
    try {
      compose();
    } catch (error) {
      new Failure(error).printTraceback(paper);
    }

    this.assertEqual(paper.lines, [
      'OutOfInk: the bottle is empty',
      '    at writePoem (test_failures.ts)',
      '    at compose (test_failures.ts)',
      '    at FailureTests.test_printed_with_frames (test_failures.ts)',
    ]);
  }

  /** Our own frames and Node's are left out, unless they are asked for. */
  test_printed_with_all_frames() {
    const { print } = this;
    const d = succeed('go');
    d.addCallback(() => writePoem());
    d.addErrback((failure) => {
      for (const all of [false, true]) print(/^ {4}at .*\/dist\//m.test(failure.getTraceback({ all })));
    });

    this.assertPrinted('false', 'true');
  }

  /** An error without a stack is printed without frames. */
  test_printed_without_frames() {
    const paper = new Paper();
    const error = new OutOfInk('nobody knows where');
    error.stack = '';

    new Failure(error).printTraceback(paper);

    this.assertEqual(paper.lines, ['OutOfInk: nobody knows where']);
  }

  /** JavaScript throws anything. The Failure of a bare text remembers at least where it was made. */
  test_of_something_that_is_no_error() {
    const paper = new Paper();

    new Failure('no ink').printTraceback(paper);

    this.assertEqual(paper.lines, [
      'String: no ink',
      '    at FailureTests.test_of_something_that_is_no_error (test_failures.ts)',
    ]);
  }

  /** What caused an error stands below it. */
  test_printed_with_its_cause() {
    const paper = new Paper();
    try {
      try {
        writePoem();
      } catch (cause) {
        throw new ConnectError('the muse did not call', { cause });
      }
    } catch (error) {
      new Failure(error).printTraceback(paper);
    }

    this.assertEqual(paper.lines, [
      'ConnectError: the muse did not call',
      '    at FailureTests.test_printed_with_its_cause (test_failures.ts)',
      'Caused by: OutOfInk: the bottle is empty',
      '    at writePoem (test_failures.ts)',
      '    at FailureTests.test_printed_with_its_cause (test_failures.ts)',
    ]);
  }

  /** Where there is little room: a line for each frame, `file:line:column:function`. */
  test_printed_in_brief() {
    const { print } = this;
    try {
      writePoem();
    } catch (error) {
      const [message, frame] = new Failure(error).getBriefTraceback().split('\n');
      print(message);
      print(frame?.replace(/^.*\//, '').replace(/:\d+:\d+:/, ':LINE:COLUMN:'));
    }

    this.assertPrinted('OutOfInk: the bottle is empty', 'test_failures.ts:LINE:COLUMN:writePoem');
  }

  /** check() asks which of some classes it is, as instanceof would; trap() also throws what it does not know. */
  test_check_and_trap() {
    const { print } = this;
    const failure = new Failure(new ConnectionRefusedError('nobody at home'));

    print(failure.check(OutOfInk, ConnectError)?.name);
    print(failure.check(OutOfInk));
    print(failure.trap(ConnectError).name);
    try {
      failure.trap(OutOfInk, TypeError);
      print('never reached');
    } catch (error) {
      print('not for me:', error === failure.value);
    }

    this.assertPrinted('ConnectError', 'undefined', 'ConnectError', 'not for me: true');
  }

  /** Back to where exceptions live. */
  test_raised_again() {
    const { print } = this;
    const failure = new Failure(new OutOfInk('again'));
    try {
      failure.raiseException();
    } catch (error) {
      print(error instanceof OutOfInk, error === failure.value);
    }

    this.assertPrinted('true true');
  }
}
