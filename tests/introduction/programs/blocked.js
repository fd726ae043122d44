// A callback that computes for long holds up everything: the rest of its chain, the timer, and whoever fired the Deferred.
import { Deferred, reactor } from 'txtrial/internet';

function compute(seconds) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end);
}

const d = new Deferred();
d.addCallback(() => console.log('first callback'));
d.addCallback(() => {
  console.log('computing');
  compute(0.05);
  console.log('computed');
});
d.addCallback(() => console.log('last callback'));

reactor.callLater(0.01, () => console.log('the timer, late'));
reactor.callLater(0.02, () => reactor.stop());
reactor.callWhenRunning(() => {
  console.log('firing');
  d.callback();
  console.log('fired');
});
await reactor.run();
