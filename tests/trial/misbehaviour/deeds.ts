/** What tests may do besides passing or failing, each with what has to become of it. */
import { CLEAN } from '../leaks/clean.js';
import { LEAKING } from '../leaks/leaking.js';

/** When an outcome is told: leaks are on the books until the test is over, and of a test that was given up they are no news. */
export type DeedKind = 'clean' | 'leak' | 'reactor' | 'trouble' | 'late' | 'output';

export interface Deed {
  readonly kind: DeedKind;
  /** Statements; `TAG` is a text of its own for each place where the deed is done. */
  readonly body: string;
  /** What comes of it, as `textOf` writes it, with `TAG` where the text is in the message. */
  readonly outcome?: string;
  /** It waits for something that takes its time. */
  readonly waits?: boolean;
  /** What it leaves is over by itself soon: it is found at the very end of a test only. */
  readonly brief?: boolean;
  /** Of deeds with the same name here a test does one only, as together they are told of once. */
  readonly once?: string;
  /** It needs a cleanup. */
  readonly cleansUp?: boolean;
}

const trouble = (outcome: string, body: string, more: Partial<Deed> = {}): Deed => ({
  kind: 'trouble',
  outcome: `error ${outcome}`,
  body,
  ...more,
});
const output = (body: string): Deed => ({ kind: 'output', body });
const late = (outcome: string, body: string): Deed => ({ kind: 'late', outcome: `error ${outcome}`, body });
const dirty = (body: string, once: string): Deed => ({
  kind: 'reactor',
  outcome: 'error leak DirtyReactorAggregateError',
  body,
  once,
});

/** Those of the same group would be told of together, or as something else, when done by one test. */
const GROUPS: Readonly<Record<string, string>> = {
  env: 'env',
  // They are found by PATH.
  process: 'env',
  cwd: 'cwd',
  listener: 'listeners',
  signal: 'listeners',
  watcher: 'watcher',
};

function ofTables(): Record<string, Deed> {
  const deeds: Record<string, Deed> = {};
  for (const [name, { kind, body }] of Object.entries(LEAKING)) {
    deeds[`leaves_${name}`] = {
      kind: 'leak',
      outcome: `error leak LeakError ${kind}`,
      body,
      waits: body.includes('await'),
      brief: kind === 'request' || name === 'set_timeout_soon_over',
      cleansUp: body.includes('addCleanup'),
      ...(GROUPS[kind] === undefined ? undefined : { once: GROUPS[kind] }),
    };
  }
  for (const [name, body] of Object.entries(CLEAN)) {
    const waits = body.includes('await');
    const cleansUp = /addCleanup|patch/.test(body);
    deeds[`clean_${name}`] = { kind: 'clean', body, waits, cleansUp, once: onceOfClean(name) };
  }
  return deeds;
}

function onceOfClean(name: string): string {
  if (name.includes('watch')) return 'watcher';
  return /^(?:child|exec|env)_/.test(name) ? 'env' : name;
}

/** By name. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  ...ofTables(),
  logs: trouble('logged Boom TAG', 'log.err(new Boom("TAG"));'),
  logs_a_failure: trouble('logged Boom TAG', 'log.err(new Failure(new Boom("TAG")), "why");'),
  logs_text: { kind: 'clean', body: 'log.err("TAG");' },
  logs_and_flushes: {
    kind: 'clean',
    body: 'log.err(new Flushed()); this.assertEqual(this.flushLoggedErrors(Flushed).length, 1);',
  },
  loses_a_deferred: trouble('unhandled Boom TAG', 'fail(new Boom("TAG"));'),
  loses_a_deferred_in_a_chain: trouble(
    'unhandled Boom TAG',
    'succeed(1).addCallback(() => fail(new Boom("TAG"))).addCallback(() => 2);',
  ),
  loses_a_deferred_later: trouble(
    'unhandled Boom TAG',
    'const d = new Deferred(); setImmediate(() => d.errback(new Boom("TAG")));',
  ),
  handles_a_deferred_later: {
    kind: 'clean',
    body: 'const d = fail(new Boom("TAG")); this.addCleanup(() => void d.addErrback(() => 0));',
    cleansUp: true,
  },
  looping_call_fails: trouble('unhandled Boom TAG', 'new LoopingCall(() => { throw new Boom("TAG"); }).start(0.01);'),
  rejects: trouble('unhandled Boom TAG', 'void Promise.reject(new Boom("TAG"));'),
  rejects_later: trouble(
    'unhandled Boom TAG',
    'void Promise.resolve().then(() => Promise.resolve()).then(() => { throw new Boom("TAG"); });',
  ),
  rejects_after_a_turn: trouble(
    'unhandled Boom TAG',
    'void new Promise((r) => setImmediate(r)).then(() => { throw new Boom("TAG"); });',
  ),
  throws_in_next_tick: trouble('unhandled Boom TAG', 'process.nextTick(() => { throw new Boom("TAG"); });'),
  throws_in_microtask: trouble('unhandled Boom TAG', 'queueMicrotask(() => { throw new Boom("TAG"); });'),
  throws_in_immediate: trouble('unhandled Boom TAG', 'setImmediate(() => { throw new Boom("TAG"); });'),
  throws_in_two_immediates: trouble(
    'unhandled Boom TAG',
    'setImmediate(() => setImmediate(() => { throw new Boom("TAG"); }));',
  ),
  throws_in_timer: trouble('unhandled Boom TAG', 'setTimeout(() => { throw new Boom("TAG"); }, 0);'),
  throws_in_timer_waited_for: trouble(
    'unhandled Boom TAG',
    'setTimeout(() => { throw new Boom("TAG"); }, 2); await sleep(6);',
    { waits: true },
  ),
  throws_in_interval: trouble(
    'unhandled Boom TAG',
    'const t = setInterval(() => { clearInterval(t); throw new Boom("TAG"); }, 1); await sleep(6);',
    { waits: true },
  ),
  throws_in_reactor_call: trouble('logged Boom TAG', 'reactor.callLater(0, () => { throw new Boom("TAG"); });'),
  throws_in_call_from_thread: trouble('logged Boom TAG', 'reactor.callFromThread(() => { throw new Boom("TAG"); });'),
  throws_in_fs_callback: trouble(
    'unhandled Boom TAG',
    'await new Promise<void>((r) => fs.stat(".", () => { r(); throw new Boom("TAG"); }));',
    { waits: true },
  ),
  throws_in_fs_stream: trouble(
    'unhandled Boom TAG',
    'const r = fs.createReadStream(file); r.on("close", () => { throw new Boom("TAG"); }); r.resume(); await once(r, "end"); await sleep(3);',
    { waits: true },
  ),
  throws_in_listener_of_process: trouble(
    'unhandled Boom TAG',
    'const f = () => { throw new Boom("TAG"); }; process.once("txtrial", f); setImmediate(() => process.emit("txtrial" as never));',
    { once: 'listeners' },
  ),
  emits_error: trouble('unhandled Boom TAG', 'setImmediate(() => new EventEmitter().emit("error", new Boom("TAG")));'),
  emits_uncaught_exception: trouble(
    'unhandled Boom TAG',
    'process.emit("uncaughtException", new Boom("TAG"), "uncaughtException");',
  ),
  connects_in_vain: trouble(
    'unhandled Error',
    'const c = net.connect(1, "127.0.0.1"); while (!c.destroyed) await turn(); await turn(); await turn();',
    { waits: true },
  ),
  spawns_in_vain: trouble(
    'unhandled Error',
    'const c = spawn("/nonexistent/poem"); while (c.exitCode === null) await turn(); await turn(); await turn();',
    { waits: true },
  ),
  reads_in_vain: trouble(
    'unhandled Error',
    'const r = fs.createReadStream("/nonexistent/poem"); while (!r.destroyed) await turn(); await turn(); await turn();',
    { waits: true },
  ),
  worker_throws: trouble(
    'unhandled RangeError',
    'const w = new Worker("throw new RangeError()", { eval: true }); await new Promise((r) => w.on("exit", r));',
    { waits: true },
  ),
  worker_exits: {
    kind: 'clean',
    body: 'await once(new Worker("process.exit(3)", { eval: true }), "exit");',
    waits: true,
  },
  child_dies: {
    kind: 'clean',
    body: 'await once(spawn("sh", ["-c", "kill -9 $$"]), "close");',
    waits: true,
    once: 'env',
  },
  exit_swallowed: trouble('error ForbiddenExitError', 'try { process.exit(3); } catch {}'),
  exit_in_promise: trouble('error ForbiddenExitError', 'void Promise.resolve().then(() => process.exit(0));'),
  exit_in_immediate: trouble('error ForbiddenExitError', 'setImmediate(() => process.exit(0));'),
  exit_in_deferred: trouble('error ForbiddenExitError', 'succeed(1).addCallback(() => process.exit(0));'),
  exit_in_reactor_call: trouble('error ForbiddenExitError', 'reactor.callLater(0, () => process.exit(0));'),
  logs_exit: trouble('error ForbiddenExitError', 'try { process.exit(); } catch (error) { log.err(error as Error); }'),
  loses_exit: trouble('error ForbiddenExitError', 'try { process.exit(); } catch (error) { fail(error as Error); }'),
  rejects_with_exit: trouble('error ForbiddenExitError', 'void (async () => { await turn(); process.exit(); })();'),
  abort_swallowed: trouble('error ForbiddenExitError', 'try { process.abort(); } catch {}'),
  kill_swallowed: trouble('error ForbiddenExitError', 'try { process.kill(process.pid, "SIGKILL"); } catch {}'),
  kill_in_timer: trouble('error ForbiddenExitError', 'setTimeout(() => process.kill(process.pid), 0);'),
  stops_reactor: trouble('error ForbiddenExitError', 'reactor.stop();'),
  sets_exit_code: { kind: 'clean', body: 'process.exitCode = 9;' },
  asks_itself_for_life: { kind: 'clean', body: 'process.kill(process.pid, 0);' },
  removes_listeners: {
    kind: 'clean',
    body: 'process.removeAllListeners("uncaughtException"); process.removeAllListeners("unhandledRejection");',
    once: 'listeners',
  },
  removes_all_listeners: { kind: 'clean', body: 'process.removeAllListeners();', once: 'listeners' },
  warns: { kind: 'clean', body: 'process.emitWarning("TAG");' },
  leaves_call: dirty('reactor.callLater(1000, () => {});', ''),
  leaves_many_calls: dirty('for (let i = 0; i < 30; i++) reactor.callLater(1000 + i, () => {});', ''),
  leaves_third_generation: dirty(
    'reactor.callLater(0, () => reactor.callLater(0, () => reactor.callLater(50, () => {})));',
    '',
  ),
  leaves_port: dirty("reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });", ''),
  leaves_udp_port: dirty("reactor.listenUDP(0, new DatagramProtocol(), { interface: '127.0.0.1' });", ''),
  prints: output('console.log("TAG");'),
  prints_to_stderr: output('process.stderr.write("TAG\\n");'),
  prints_no_line: output('process.stdout.write("TAG");'),
  prints_much: output('console.log("TAG" + "x".repeat(200_000));'),
  writes_to_descriptor: output('fs.writeSync(1, "TAG\\n");'),
  writes_to_descriptor_2: output('fs.writeSync(2, "TAG\\n");'),
  writes_file_to_descriptor: output('fs.writeFileSync(1, "TAG\\n");'),
  logs_message: output('log.msg("TAG");'),
  prints_later: output('setImmediate(() => console.log("TAG"));'),
  late_throw: late('late Boom TAG', 'resumed(() => { throw new Boom("TAG"); });'),
  late_deferred: late('late Boom TAG', 'const d = new Deferred(); resumers.push(() => d.errback(new Boom("TAG")));'),
  late_log: late('late Boom TAG', 'resumed(() => { log.err(new Boom("TAG")); });'),
  late_exit: late('late ForbiddenExitError', 'resumed(() => process.exit(0));'),
  late_immediate: late('late Boom TAG', 'resumed(() => { setImmediate(() => { throw new Boom("TAG"); }); });'),
  late_leak: late('leak LeakError timer', 'resumed(() => { setTimeout(() => {}, 100_000); });'),
};
