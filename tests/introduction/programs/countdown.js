// Counts down by calling itself later. Between two calls the reactor is free for other things.
import { reactor } from 'txtrial/internet';

const seconds = Number(process.argv[2] ?? 1);

function count(left) {
  if (left === 0) {
    reactor.stop();
    return;
  }
  console.log(`${left} ...`);
  reactor.callLater(seconds, count, left - 1);
}

reactor.callWhenRunning(count, 3);
console.log('ready');
await reactor.run();
console.log('go');
