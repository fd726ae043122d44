import type { GuardData } from './guard_thread.js';

/** What the guard thread can do about a main thread that is blocked. */
export interface GuardWork {
  /** To be called every `LOOK_EVERY_MS`. */
  look(): void;
  /** A signal has come. Gives the times to wait for, in milliseconds, before what is to be done next about it. */
  received(name: NodeJS.Signals): Generator<number, void>;
  /** A signal has come that asks what is going on. As `received`. */
  asked(): Generator<number, void>;
  /** Puts in order what was cut short. */
  recover(): void;
}

/** It is made a text of, to run in another thread: it may name nothing from outside but what is global. */
export function guardWork(data: GuardData): GuardWork {
  const { parent, shared, steps, ask, numbers, notices } = data;
  const { HANDLED, ANSWERED, ANSWER, GO_ON, NONE, CUT_OFF, INTERRUPTED, DUMP, PATIENCE_MS, LOOK_EVERY_MS } = data;
  const mostTries = 25;
  const { writeSync } = process.getBuiltinModule('node:fs');
  const { Script } = process.getBuiltinModule('node:vm');
  const { Session } = process.getBuiltinModule('node:inspector');

  const signals: NodeJS.Signals[] = [];
  const handledBefore = Atomics.load(shared, HANDLED);
  const handled = () => Atomics.load(shared, HANDLED) - handledBefore;
  const isIgnored = () => handled() < signals.length;

  function* received(name: NodeJS.Signals): Generator<number, void> {
    signals.push(name);
    // Before the first test there is nothing to be ended in good order.
    if (signals.length > 1 || Atomics.load(steps, 0) === 0) {
      yield PATIENCE_MS / 5;
      if (isIgnored()) endProcess(name);
      return;
    }
    yield PATIENCE_MS;
    for (let tries = 0; tries < mostTries; tries++) {
      if (!isIgnored()) return;
      const answer = askMain(INTERRUPTED);
      if (answer === CUT_OFF) return;
      if (answer >= PATIENCE_MS) break;
      yield answer;
    }
    if (isIgnored() && parent === undefined) writeSync(2, notices[name] ?? '');
  }

  const answeredBefore = Atomics.load(shared, ANSWERED);
  let questions = 0;
  function* asked(): Generator<number, void> {
    questions += 1;
    for (let tries = 0; tries < mostTries; tries++) {
      yield PATIENCE_MS / 5;
      if (Atomics.load(shared, ANSWERED) - answeredBefore >= questions) return;
      // It has been told, or what it is in is not JavaScript.
      if (askMain(DUMP) > 0) return;
    }
  }

  const endProcess = (name: NodeJS.Signals) => {
    const session = new Session();
    session.connectToMainThread();
    // At the end Node would say that it waits for the session, taking it for a debugger.
    const quietly = "process.on('exit', () => process.getBuiltinModule('node:fs').closeSync(2));";
    // The first asks the run to end, the second ends the process.
    const missed = [name, ...signals.slice(handled())];
    const emits = missed.map((signal) => `process.emit('${signal}', '${signal}', ${numbers[signal]});`);
    session.post('Runtime.evaluate', { expression: quietly + emits.join('') });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
    // What it hangs in is not JavaScript. After a script of this kind SIGINT does what it does by default.
    new Script('0').runInThisContext({ breakOnSigint: true });
    process.kill(process.pid, name === 'SIGINT' ? name : 'SIGKILL');
  };

  let step = 0;
  let since = 0;
  let askAtMs = Number.POSITIVE_INFINITY;
  const look = () => {
    // Nobody would hear any more what becomes of the tests.
    if (parent !== undefined && process.ppid !== parent && process.platform !== 'win32')
      process.kill(-process.pid, 'SIGKILL');
    const now = performance.now();
    const begun = Atomics.load(steps, 0) + Atomics.load(steps, 1);
    if (begun !== step) {
      step = begun;
      since = now;
      askAtMs = 2 * LOOK_EVERY_MS;
    } else if (now - since >= askAtMs) {
      const answer = askMain(now - since);
      if (answer > CUT_OFF) askAtMs = now - since + answer;
    }
  };

  let session: InstanceType<typeof Session> | undefined;
  const askMain = (elapsedMs: number): number => {
    session = new Session();
    session.connectToMainThread();
    Atomics.store(shared, ANSWER, NONE);
    Atomics.store(shared, GO_ON, 0);
    const expression = `globalThis[Symbol.for(${JSON.stringify(ask)})]?.(${elapsedMs})`;
    session.post('Runtime.evaluate', { expression });
    // What it is in is not JavaScript, or it is gone: then there is nothing to be done.
    Atomics.wait(shared, ANSWER, NONE, PATIENCE_MS);
    return heed();
  };
  /** Does as the main thread has answered. */
  const heed = (): number => {
    const answer = Atomics.load(shared, ANSWER);
    if (answer === CUT_OFF && Atomics.load(shared, GO_ON) === 0) {
      session?.post('Runtime.terminateExecution');
      Atomics.store(shared, GO_ON, 1);
      Atomics.notify(shared, GO_ON);
      // It has to have been seen before the session ends.
      Atomics.wait(shared, ANSWER, CUT_OFF, PATIENCE_MS);
    }
    session?.disconnect();
    session = undefined;
    Atomics.store(shared, GO_ON, 2);
    Atomics.notify(shared, GO_ON);
    return answer === NONE ? PATIENCE_MS : answer;
  };
  const recover = () => {
    if (session !== undefined) heed();
  };
  return { look, received, asked, recover };
}
