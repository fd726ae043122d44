import { readdirSync, readFileSync } from 'node:fs';
import { TestCase } from 'txtrial';

const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, { readonly types?: string }>;
};

/** Names of classes are part of what users see: in errors, in ids, in reprs. */
export class ExportsTests extends TestCase {
  async test_every_class_is_called_as_it_is_exported() {
    let classes = 0;
    for (const [path, { types }] of Object.entries(exports)) {
      if (types === undefined) continue;
      const module = (await import(`txtrial${path.slice(1)}`)) as Readonly<Record<string, unknown>>;
      for (const [name, value] of Object.entries(module)) {
        if (typeof value !== 'function' || !/^class\b/.test(Function.prototype.toString.call(value))) continue;
        classes += 1;
        this.assertEqual(value.name, name, path);
      }
    }
    this.assertTrue(classes > 50, String(classes));
  }
}

const chunks = new URL('../dist/chunks/', import.meta.url);

/** A file of the build, and what is loaded before it runs. */
function withImports(name: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(name);
  const text = readFileSync(new URL(name, chunks), 'utf8');
  for (const [, imported = ''] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "\.\/([^"]+)";$/gm)) {
    if (!seen.has(imported)) withImports(imported, seen);
  }
  return seen;
}

export class BuildTests extends TestCase {
  /** A module that the runner has as well is put in the runner's file, all of which would be loaded then. */
  test_a_supervisor_starts_the_tests_before_the_runner_is_loaded() {
    const names = readdirSync(chunks);
    const named = (begin: string) => names.filter((name) => name.startsWith(begin)).map((name) => withImports(name));

    const [first = new Set<string>()] = named('supervise-');
    const [later = new Set<string>()] = named('report-');

    this.assertTrue(first.size > 1);
    this.assertEqual(
      [...first].filter((name) => name === 'core.js' || name === 'trial.js'),
      [],
    );
    this.assertTrue(later.has('core.js'));
  }
}
