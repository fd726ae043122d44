// A DeferredList looks at errors and leaves them where they are, unless it is told to consume them.
import { Deferred, DeferredList } from 'txtrial/internet';

const consumeErrors = process.argv[2] === 'consume';
const [first, second] = [new Deferred(), new Deferred()];
new DeferredList([first, second], { consumeErrors }).addCallback((results) => {
  for (const [good, result] of results) console.log(good ? `result: ${result}` : `error: ${result.getErrorMessage()}`);
});
first.callback('a poem');
second.errback(new Error('no ink'));
console.log('finished');
