/** What a child process has started in its turn, as Linux lists it. Elsewhere nothing is known of it. */
import fs from 'node:fs';
import { processFields } from '../../internet/process_fields.js';

/** A shell does not hand a signal on to what it runs: that would keep its ports and its output. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of processes()) {
    const fields = processFields(Number(name));
    if (fields === undefined) continue;
    const parent = Number(fields[1]);
    const others = children.get(parent);
    if (others === undefined) children.set(parent, [Number(name)]);
    else others.push(Number(name));
  }
  const found: number[] = [];
  for (let todo = [pid]; todo.length > 0; ) {
    todo = todo.flatMap((parent) => children.get(parent) ?? []).filter((child) => !found.includes(child));
    found.push(...todo);
  }
  return found;
}

/** Whether a process runs: one that has ended, and that nobody has asked for its status, has nothing open. */
export function isRunning(pid: number): boolean {
  const state = processFields(pid)?.[0];
  // Its main thread may have ended before the others.
  return state !== undefined && ((state !== 'Z' && state !== 'X') || list(`/proc/${pid}/task`).length > 1);
}

function processes(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return list('/proc').filter((name) => /^\d+$/.test(name));
}

function list(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // The process has ended.
    return [];
  }
}
