// Taken before any test can replace it.
const { readFileSync } = process.getBuiltinModule('node:fs');

/**
 * What Linux says of a process in `/proc/PID/stat`, from its state on: where Z has ended and was not waited for.
 *
 * @returns undefined when there is no such process, or another system.
 */
export function processFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold anything, brackets as well: count from behind it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
