// Ten times the work against one time, the heap after it, and the size of a Deferred:
// `node --expose-gc tests/bench/internet/scale.mjs`.
import { Deferred, inlineCallbacks, succeed } from '../../../dist/src/internet/index.js';

if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc.');

// First of all, as long as the heap holds little else.
const count = 200_000;
const empty = heap();
const pending = Array.from({ length: count }, () => new Deferred());
const bare = (heap() - empty) / count;
for (const d of pending) d.addCallback(String);
const loaded = (heap() - empty) / count;
console.log(
  `bytes a pending Deferred: ${bare.toFixed(0)}, with a callback ${loaded.toFixed(0)} (of ${pending.length})`,
);

const loop = inlineCallbacks(function* (n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield succeed(1);
  return sum;
});

const cases = {
  // Nothing of ours: what the garbage collector alone makes of ten times as many live objects.
  'plain objects in a list, for comparison': [
    100_000,
    (n) => {
      let list;
      for (let i = 0; i < n; i++) list = { next: list, call: () => i, stages: [i] };
      return list.call() + 1;
    },
  ],
  'callbacks on one Deferred': [
    100_000,
    (n) => {
      const d = new Deferred();
      for (let i = 0; i < n; i++) d.addCallback((x) => x + 1);
      d.callback(0);
      return d.result;
    },
  ],
  'Deferreds nested through returned ones': [
    100_000,
    (n) => {
      const first = new Deferred();
      let last = first;
      for (let i = 1; i < n; i++) {
        const inner = last;
        last = succeed().addCallback(() => inner);
      }
      first.callback(n);
      return last.result;
    },
  ],
  'waits of one generator': [100_000, (n) => loop(n).result],
  'generators that wait for each other': [
    100_000,
    (n) => {
      const wait = inlineCallbacks(function* (d) {
        return (yield d) + 1;
      });
      const first = new Deferred();
      let last = first;
      for (let i = 0; i < n; i++) last = wait(last);
      first.callback(0);
      return last.result;
    },
  ],
};

function milliseconds(f, n) {
  globalThis.gc();
  const start = performance.now();
  const got = f(n);
  const taken = performance.now() - start;
  if (got !== n) throw new Error(`The result is ${got} and not ${n}.`);
  return taken;
}

function best(f, n) {
  return Math.min(...Array.from({ length: 5 }, () => milliseconds(f, n)));
}

for (const [name, [n, f]] of Object.entries(cases)) {
  f(n);
  const before = heap();
  const one = best(f, n);
  const ten = best(f, n * 10);
  const kept = ((heap() - before) / 1024).toFixed(0);
  console.log(
    `${n * 10} ${name}: ${ten.toFixed(1)} ms, ${(ten / one).toFixed(1)} times as long as ${n}; heap after it +${kept} KiB`,
  );
}

function heap() {
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
