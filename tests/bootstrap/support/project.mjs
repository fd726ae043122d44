// A small project in a folder of its own, and the built command run in it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const command = join(root, 'dist', 'bin', 'trial.js');

/** The environment of a run that says nothing about colours, nor about CI: there runs are supervised. */
const { FORCE_COLOR: _f, NO_COLOR: _n, NODE_TEST_CONTEXT: _t, CI: _c, ...environment } = process.env;

export class Project {
  /** @param {Record<string, string>} files - Text by path. */
  constructor(files = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'txtrial-')));
    after(() => rmSync(this.folder, { recursive: true, force: true }));
    this.write({ 'package.json': '{ "type": "module" }', ...files });
    mkdirSync(join(this.folder, 'node_modules'), { recursive: true });
    symlinkSync(root, join(this.folder, 'node_modules', 'txtrial'));
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  write(files) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  read(...parts) {
    return readFileSync(this.path(...parts), 'utf8');
  }

  /**
   * Starts the command; `done` fires with status, stdout and stderr.
   *
   * `terminal`: with one, whose keyboard is `child.stdin`; a text is what its shell runs, where `%` is the command.
   */
  start(args = [], options = {}) {
    const { env = {}, stdout = 'pipe', stderr = 'pipe', cwd = this.folder, terminal = false, execArgv = [] } = options;
    const [program, ...rest] = terminal
      ? inTerminal(args, terminal)
      : [process.execPath, ...execArgv, command, ...args];
    const child = spawn(program, rest, {
      cwd,
      env: { ...environment, ...env },
      stdio: [terminal ? 'pipe' : 'ignore', stdout, stderr],
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name]?.setEncoding('utf8').on('data', (piece) => {
        text[name] += piece;
        child.emit('text');
      });
    }
    const done = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status, signal) => resolve({ status: status ?? signal, ...text }));
    });
    /** Waits until stdout or stderr has the text, which may be a regular expression. */
    const until = (wanted) =>
      new Promise((resolve, reject) => {
        const has = (all) => (typeof wanted === 'string' ? all.includes(wanted) : wanted.test(all));
        const look = () => has(text.stdout + text.stderr) && resolve();
        child.on('text', look);
        child.on('close', () => reject(new Error(`never said ${wanted}: ${text.stdout}${text.stderr}`)));
        look();
      });
    return { child, done, until, text };
  }

  trial(...args) {
    const options = typeof args.at(-1) === 'object' ? args.pop() : {};
    return this.start(args, options).done;
  }

  /** The events of a run with the json reporter. */
  async events(...args) {
    const result = await this.trial('--reporter', 'json', ...args);
    const events = result.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    return { ...result, events };
  }
}

/**
 * The command under `script`, which gives it a terminal whose keyboard is our end of stdin. `exec`: a shell that stayed would
 * be sent what keys send as well.
 */
function inTerminal(args, how) {
  const words = [process.execPath, command, ...args].map((word) => `'${word}'`).join(' ');
  return ['script', '-qec', typeof how === 'string' ? how.replace('%', words) : `exec ${words}`, '/dev/null'];
}

/** A module with a test case that has this body. */
export function testCase(body, name = 'ATests') {
  return `import { TestCase } from 'txtrial';
import { Deferred, reactor } from 'txtrial/internet';
import { err, msg } from 'txtrial/log';
void [Deferred, reactor, err, msg];
export class ${name} extends TestCase {
${body}
}
`;
}
