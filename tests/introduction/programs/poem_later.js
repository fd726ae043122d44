// A Deferred knows nothing of the reactor: it fires when somebody fires it. Here the reactor does.
import { Deferred, reactor } from 'txtrial/internet';

const d = new Deferred();
d.addCallbacks(
  (poem) => console.log(poem),
  (failure) => console.log('no poem today:', failure.getErrorMessage()),
);
d.addBoth(() => reactor.stop());

if (process.argv[2] === 'fail') reactor.callWhenRunning(() => d.errback(new Error('the poet sleeps')));
else reactor.callWhenRunning(() => d.callback('Roses are read.'));
await reactor.run();
