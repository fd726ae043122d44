// A function that the reactor calls as soon as it runs, and one that stops it.
import { reactor } from 'txtrial/internet';

reactor.callWhenRunning(() => {
  console.log('the reactor is running:', reactor.running);
  reactor.stop();
});

console.log('nothing has been called yet');
await reactor.run();
console.log('the reactor has stopped, and the program goes on here');
