#!/usr/bin/env node
import { isCi } from '../src/trial/options/is_ci.js';
import { startWaitingThread } from '../src/trial/run/waiting_thread.js';
import { mayBeConfigured, printsOnly, superviseWish, takeSupervisor } from '../src/trial/supervise/wish.js';

// A test may put something in its place, and something that it leaves behind may keep the process. Not shared with
// src/trial/ending.ts: what this file imports it would load with all that the runner is, before the thread below begins.
const end = process.exit.bind(process);
const reallyEnd = process.reallyExit.bind(process);
const exit = (status: number): never => {
  let least = status;
  try {
    // Node calls it by this name. Listeners of `exit` that tests have left may make a run fail, and not let a failed one pass.
    Object.assign(process, { reallyExit: (code?: unknown) => reallyEnd(least || Number(code)) });
    return end(status);
  } catch (error) {
    // One of them has failed: src/trial/ending.ts tells of it.
    least ||= 1;
    Reflect.apply(process.emit, process, ['uncaughtException', error, 'uncaughtException']);
    throw error;
  } finally {
    // It throws as well where a test has broken what all programs rely on: the process would end as one that has done well.
    reallyEnd(least);
  }
};

// From Node 22.8 on compiled code is kept from run to run: a tenth of the time that a short run takes. Not where
// coverage is measured, which is less exact then.
const nodeModule = process.getBuiltinModule('node:module') as { enableCompileCache?: () => unknown };
if (!process.env.NODE_V8_COVERAGE) nodeModule.enableCompileCache?.();

const argv = process.argv.slice(2);
const underCi = isCi(process.env);
const supervisedBy = takeSupervisor(process.env);
if (supervisedBy !== undefined) {
  const guard = startWaitingThread();
  const [{ main }, { Supervised }] = await Promise.all([
    import('../src/trial/main.js'),
    import('../src/trial/supervise/supervised.js'),
  ]);
  const stage = new Supervised(supervisedBy);
  const status = await main(argv, { stage, guard, isCi: underCi });
  stage.end(status);
  exit(status);
}
const wish = superviseWish(argv, process.env, process.execArgv);
if (wish === 'at once' || (wish === 'unless configured' && !mayBeConfigured(process.cwd))) {
  const { supervise } = await import('../src/trial/supervise/supervise.js');
  exit(await supervise());
}
const guard = printsOnly(argv) ? undefined : startWaitingThread();
const { main } = await import('../src/trial/main.js');
const choice = wish === 'never' ? {} : { superviseByDefault: wish === 'unless configured' };
exit(await main(argv, { ...choice, guard, isCi: underCi }));
