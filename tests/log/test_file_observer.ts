import { TestCase } from 'txtrial';
import { err, FileLogObserver, msg, startLogging } from 'txtrial/log';

export class FileLogObserverTests extends TestCase {
  test_a_line_has_the_time_with_its_offset_the_system_and_the_text(): void {
    const lines: string[] = [];
    const observer = new FileLogObserver({ write: (text: string) => lines.push(text) });
    const time = Date.UTC(2026, 10, 20, 20, 57, 14, 900) / 1000;

    observer.emit({ time, system: 'PoetryProtocol,client', message: 'two\nlines', isError: false });

    const [line = ''] = lines;
    this.assertRegex(line, /^2026-11-2\d \d\d:\d\d:14[+-]\d{4} \[PoetryProtocol,client\] two\n\tlines\n$/);
    const [, stamp, sign, hours, minutes] = /^(.{19})([+-])(\d\d)(\d\d)/.exec(line) ?? [];
    const offset = `${sign}${hours}:${minutes}`;
    this.assertEqual(Date.parse(`${stamp?.replace(' ', 'T')}${offset}`) / 1000, Math.floor(time));
  }

  test_it_writes_what_is_logged_until_it_is_stopped(): void {
    const lines: string[] = [];
    const observer = startLogging({ write: (text: string) => lines.push(text) });
    this.addCleanup(() => observer.stop());

    msg('one');
    err(new RangeError('two'), 'Reading failed:');
    observer.stop();
    msg('three');

    this.assertRegex(
      lines.join(''),
      /^\S+ \S+ \[-\] one\n\S+ \S+ \[-\] Reading failed:\n\tRangeError: two\n\t +at .*test_file_observer/,
    );
    this.assertNotSubstring('three', lines.join(''));
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }
}
