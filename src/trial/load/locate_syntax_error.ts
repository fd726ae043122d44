/**
 * Finds which text Node does not understand: its error for a module says neither file nor line. Asks another Node, which
 * can parse modules without running them.
 *
 * @param texts - With the paths under which they are to be reported.
 * @returns A stack that begins with the place; undefined when all can be parsed.
 */
export function locateSyntaxError(
  texts: readonly { readonly path: string; readonly text: string }[],
): string | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stderr } = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings', '--eval', SCRIPT], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    timeout: 20_000,
    maxBuffer: 1 << 26,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return stderr === '' ? undefined : stderr;
}

/** Only for an error that nobody catches does Node say where it is. */
const SCRIPT = `
  const { SourceTextModule } = require('node:vm');
  for (const { path, text } of JSON.parse(require('node:fs').readFileSync(0, 'utf8'))) {
    new SourceTextModule(text, { identifier: path });
  }
`;
