// What a callback throws is reported, and the reactor goes on with the next one.
import { reactor } from 'txtrial/internet';

reactor.callWhenRunning(() => {
  throw new Error('a stone in the way');
});
reactor.callWhenRunning(() => {
  console.log('still on my feet');
  reactor.stop();
});

console.log('off we go');
await reactor.run();
console.log('arrived');
