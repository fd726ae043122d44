// Deferreds against native promises, in one run: `node --expose-gc tests/bench/internet/deferreds.mjs [CASE…]`.
// A case prints nanoseconds a round of each, the median of several runs, and the ratio; every result is checked.
import { Deferred, DeferredList, inlineCallbacks, succeed } from '../../../dist/src/internet/index.js';

const RUNS = 9;
const collect = globalThis.gc ?? (() => undefined);

const cases = {
  'create, add a callback, fire': {
    rounds: 200_000,
    expected: 3,
    deferred: () => {
      const d = new Deferred();
      let got;
      d.addCallback((n) => {
        got = n + 1;
      });
      d.callback(2);
      return got;
    },
    promise: () => {
      let fire;
      const p = new Promise((resolve) => {
        fire = resolve;
      });
      const end = p.then((n) => n + 1);
      fire(2);
      return end;
    },
  },
  'a chain of 10': {
    rounds: 50_000,
    expected: 10,
    deferred: () => {
      const d = new Deferred();
      for (let i = 0; i < 10; i++) d.addCallback(add);
      d.callback(0);
      return d.result;
    },
    promise: () => {
      let fire;
      let p = new Promise((resolve) => {
        fire = resolve;
      });
      for (let i = 0; i < 10; i++) p = p.then(add);
      fire(0);
      return p;
    },
  },
  'a list of 100': {
    rounds: 4_000,
    expected: 100,
    deferred: () => {
      const all = Array.from({ length: 100 }, () => new Deferred());
      const list = new DeferredList(all);
      for (const d of all) d.callback(1);
      return list.result.length;
    },
    promise: () => {
      const fires = [];
      const all = Array.from({ length: 100 }, () => new Promise((resolve) => fires.push(resolve)));
      const list = Promise.allSettled(all).then((results) => results.length);
      for (const fire of fires) fire(1);
      return list;
    },
  },
  'a generator with 10 waits (async function)': {
    rounds: 50_000,
    expected: 45,
    deferred: () => generator().result,
    promise: () => asynchronous(),
  },
};

const generator = inlineCallbacks(function* () {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += yield succeed(i);
  return sum;
});

async function asynchronous() {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += await Promise.resolve(i);
  return sum;
}

function add(n) {
  return n + 1;
}

async function nanoseconds(f, rounds, expected) {
  const start = process.hrtime.bigint();
  let last;
  for (let i = 0; i < rounds; i++) last = f();
  const got = await last;
  const end = process.hrtime.bigint();
  if (got !== expected) throw new Error(`The result is ${got} and not ${expected}.`);
  return Number(end - start) / rounds;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

const wanted = process.argv.slice(2);
for (const [name, { rounds, expected, deferred, promise }] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const times = { deferred: [], promise: [] };
  for (let run = 0; run < RUNS; run++) {
    // In turn, so that a slow moment of the machine meets both.
    collect();
    times.deferred.push(await nanoseconds(deferred, rounds, expected));
    collect();
    times.promise.push(await nanoseconds(promise, rounds, expected));
  }
  const [ours, native] = [median(times.deferred), median(times.promise)];
  const ratio = (ours / native).toFixed(2);
  console.log(`${name}: Deferred ${ours.toFixed(0)} ns, promise ${native.toFixed(0)} ns, ratio ${ratio}`);
}
