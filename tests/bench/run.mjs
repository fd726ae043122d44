// npm run bench [-- NAME…]: every figure is a ratio measured in one run.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startup } from './startup.mjs';
import { tenThousand } from './ten_thousand.mjs';

const benches = {
  startup,
  tenThousand,
  deferreds: inProcess('deferreds'),
  scale: inProcess('scale'),
  connections: inProcess('connections'),
};

/** A bench that measures inside its own process: it needs a heap of its own. */
function inProcess(name) {
  return () => {
    console.log(`\n${name} (Node ${process.versions.node})`);
    const file = fileURLToPath(new URL(`internet/${name}.mjs`, import.meta.url));
    const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`The bench ${name} ended with status ${status}.`);
  };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
