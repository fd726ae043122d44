// npm run bench [-- NAME…]: every figure is a ratio measured in one run.
import { startup } from './startup.mjs';
import { tenThousand } from './ten_thousand.mjs';

const benches = { startup, tenThousand };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
