/** How a step of a test may end. */

export interface Ending {
  readonly body: string;
  /** `pass`: nothing is wrong; the others are outcomes of their own. */
  readonly end: 'pass' | 'assertion' | 'error' | 'exit' | 'skip' | 'given up' | 'flaky' | 'death';
  /** The name of the error; any, without one. */
  readonly error?: string;
  readonly tagged?: boolean;
  /** It ends only when its time is over. */
  readonly slow?: boolean;
  /** It leaves a call in the reactor. */
  readonly dirty?: boolean;
  /** It takes the step as it is: nothing may be put in front of it. */
  readonly returns?: boolean;
}

const boom: Ending = { body: 'throw new Boom("TAG");', end: 'error', error: 'Boom', tagged: true };
const exit = (body: string): Ending => ({ body, end: 'exit', error: 'ForbiddenExitError' });
const thrown = (value: string): Ending => ({ body: `throw ${value};`, end: 'error' });
const never = (body: string, more: Partial<Ending> = {}): Ending => ({
  body,
  end: 'given up',
  error: 'TimeoutError',
  slow: true,
  ...more,
});

/** By name. */
export const ENDINGS: Readonly<Record<string, Ending>> = {
  pass: { body: '', end: 'pass' },
  pass_with_value: { body: 'return 42;', end: 'pass', returns: true },
  pass_with_deferred: { body: 'return succeed(1);', end: 'pass', returns: true },
  pass_with_call: { body: 'return deferLater(reactor, 0, () => 1);', end: 'pass', returns: true },
  fail: { body: 'this.fail("TAG");', end: 'assertion', error: 'FailTest', tagged: true },
  not_equal: {
    body: 'this.assertEqual({ a: 1 }, { a: 2 }, "TAG");',
    end: 'assertion',
    error: 'FailTest',
    tagged: true,
  },
  node_assert: { body: 'assert.equal(1, 2, "TAG");', end: 'assertion', error: 'AssertionError', tagged: true },
  boom,
  boom_in_deferred: { ...boom, body: 'return fail(new Boom("TAG"));', returns: true },
  boom_in_promise: { ...boom, body: 'return Promise.reject(new Boom("TAG"));', returns: true },
  boom_in_call: { ...boom, body: 'return deferLater(reactor, 0, () => { throw new Boom("TAG"); });', returns: true },
  type_error: { body: '(undefined as unknown as { x: { y: 1 } }).x.y;', end: 'error', error: 'TypeError' },
  recursion: { body: 'const f = (): number => f() + 1; f();', end: 'error', error: 'RangeError' },
  throws_undefined: thrown('undefined'),
  throws_null: thrown('null'),
  throws_text: thrown("'a text'"),
  throws_symbol: thrown("Symbol('x')"),
  throws_bare_object: thrown('Object.create(null)'),
  throws_function: thrown('() => 1'),
  throws_frozen: thrown('Object.freeze(new Boom("x"))'),
  throws_proxy: thrown(
    'new Proxy({}, { get() { throw new Boom("trap"); }, getPrototypeOf() { throw new Boom("trap"); }, ownKeys() { throw new Boom("trap"); }, has() { throw new Boom("trap"); } })',
  ),
  throws_bad_stack: thrown('Object.defineProperty(new Boom("x"), "stack", { get() { throw new Boom("stack"); } })'),
  throws_bad_message: thrown(
    'Object.defineProperties(new Boom("x"), { message: { value: 7 }, name: { value: Symbol("x") } })',
  ),
  throws_cycle: thrown('(() => { const e = new Boom("x"); e.cause = e; return e; })()'),
  throws_aggregate: thrown('new AggregateError([new Boom("x"), undefined], "both")'),
  throws_huge: thrown('new Boom("x".repeat(100_000))'),
  skip: { body: 'throw new SkipTest("TAG");', end: 'skip', error: 'SkipTest', tagged: true },
  exit: exit('process.exit(3);'),
  exit_0: exit('process.exit(0);'),
  exit_as_destructured: exit('const { exit } = process; exit();'),
  really_exit: exit('(process as unknown as { reallyExit(n: number): void }).reallyExit(0);'),
  abort: exit('process.abort();'),
  kill: exit('process.kill(process.pid);'),
  kill_9: exit('process.kill(process.pid, 9);'),
  never: never('await new Promise(() => { setInterval(() => {}, 1000); });'),
  never_server: never('await new Promise(() => { net.createServer().listen(0, "127.0.0.1"); });'),
  never_idle: never('await new Promise(() => {});'),
  never_deferred: never('return new Deferred();', { returns: true }),
  never_swallowing: never('return new Deferred().addErrback(() => 1);', { returns: true }),
  never_call: never('reactor.callLater(1000, () => {}); return new Deferred();', { returns: true, dirty: true }),
  never_chained: never('return succeed(1).addCallback(() => new Deferred());', { returns: true }),
  block: never('for (;;);'),
  block_catching: never('for (;;) { try { JSON.parse("{"); } catch {} }'),
  block_in_promise: never('await null; for (;;);'),
  block_in_microtasks: never('for (;;) await null;'),
  block_in_ticks: never('await new Promise(() => { const f = () => process.nextTick(f); f(); });'),
  block_in_immediate: never('await new Promise(() => { setImmediate(() => { for (;;); }); });'),
  block_in_timer: never('await new Promise(() => { setTimeout(() => { for (;;); }, 0); });'),
  block_in_reactor_call: never('reactor.callLater(0, () => { for (;;); }); return new Deferred();', { returns: true }),
  block_in_regexp: never('/^(a+)+$/.test("a".repeat(60) + "b");'),
  flaky: { body: 'if (isFirst("TAG")) throw new Boom("TAG");', end: 'flaky', error: 'Boom', tagged: true },
  die: { body: 'die("KILL");', end: 'death' },
  die_of_segv: { body: 'die("SEGV");', end: 'death' },
  die_later: { body: 'setTimeout(() => die("KILL"), 0); await new Promise(() => {});', end: 'death' },
};
