// The reactor runs once: not twice at a time, and not again.
import { ReactorAlreadyRunning, ReactorNotRestartable, ReactorNotRunning, reactor } from 'txtrial/internet';

const refusals = [ReactorAlreadyRunning, ReactorNotRestartable, ReactorNotRunning];

function report(error) {
  console.log(refusals.find((refusal) => error instanceof refusal)?.name ?? error);
}

try {
  reactor.stop();
} catch (error) {
  report(error);
}

reactor.callWhenRunning(async () => {
  await reactor.run().catch(report);
  reactor.stop();
});
await reactor.run();
await reactor.run().catch(report);
console.log('once is enough');
