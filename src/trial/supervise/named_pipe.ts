import type { Readable } from 'node:stream';

/** Both ends of a pipe. */
export interface Pipe {
  /** The descriptor of the end to write to. */
  readonly writer: number;
  readonly reader: Readable;
}

/**
 * Makes a pipe, as a shell does. Those that Node makes for child processes are sockets: Linux does not let them be opened as
 * `/dev/stderr`, which is what scripts like to write to.
 *
 * @returns undefined where it cannot be made, and where Node's will do.
 */
export function makePipe(): Pipe | undefined {
  if (process.platform !== 'linux') return undefined;
  const fs = process.getBuiltinModule('node:fs');
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { Socket } = process.getBuiltinModule('node:net');
  const { tmpdir } = process.getBuiltinModule('node:os');
  try {
    const folder = fs.mkdtempSync(`${tmpdir()}/trial-`);
    try {
      const path = `${folder}/stderr`;
      if (spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' }).status !== 0) return undefined;
      // Opened in this order neither waits for the other.
      const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      const writer = fs.openSync(path, 'w');
      return { writer, reader: new Socket({ fd, readable: true, writable: false }) };
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  } catch {
    // Node's it is.
    return undefined;
  }
}
