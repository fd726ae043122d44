// Deferreds against native promises and bluebird's, in one run:
// `node --expose-gc tests/bench/internet/deferreds.mjs [CASE…]`.
// A case prints nanoseconds a round of each, the median of several runs, and how long Deferreds take of what the others
// take; every result is checked.
import Bluebird from 'bluebird';
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
    promise: (Kind) => {
      let fire;
      const p = new Kind((resolve) => {
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
    promise: (Kind) => {
      let fire;
      let p = new Kind((resolve) => {
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
    promise: (Kind) => {
      const fires = [];
      const all = Array.from({ length: 100 }, () => new Kind((resolve) => fires.push(resolve)));
      const list = settled(Kind, all).then((results) => results.length);
      for (const fire of fires) fire(1);
      return list;
    },
  },
  'a generator with 10 waits (async function, coroutine)': {
    rounds: 50_000,
    expected: 45,
    deferred: () => generator().result,
    promise: (Kind) => (Kind === Bluebird ? coroutine() : asynchronous()),
  },
};

const generator = inlineCallbacks(function* () {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += yield succeed(i);
  return sum;
});

const coroutine = Bluebird.coroutine(function* () {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += yield Bluebird.resolve(i);
  return sum;
});

async function asynchronous() {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += await Promise.resolve(i);
  return sum;
}

function settled(Kind, all) {
  return Kind === Bluebird ? Bluebird.all(all.map((p) => p.reflect())) : Kind.allSettled(all);
}

function add(n) {
  return n + 1;
}

async function nanoseconds(f, { rounds, expected }) {
  collect();
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
for (const [name, work] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const contestants = [work.deferred, () => work.promise(Promise), () => work.promise(Bluebird)];
  const times = contestants.map(() => []);
  for (let run = 0; run < RUNS; run++) {
    // In turn, so that a slow moment of the machine meets all of them.
    for (const [i, contestant] of contestants.entries()) times[i].push(await nanoseconds(contestant, work));
  }
  const [ours, native, bluebird] = times.map(median);
  const against = (theirs) => `${theirs.toFixed(0)} ns, ratio ${(ours / theirs).toFixed(2)}`;
  console.log(`${name}: Deferred ${ours.toFixed(0)} ns; promise ${against(native)}; bluebird ${against(bluebird)}`);
}
