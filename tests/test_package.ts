import { readFileSync } from 'node:fs';
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
