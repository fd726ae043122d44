// Who called whom, seen from inside a callback: the program called the reactor, and the reactor calls the program.
import { reactor } from 'txtrial/internet';

Error.stackTraceLimit = 50;

reactor.callWhenRunning(() => {
  const frames = new Error('here').stack.split('\n').filter((line) => line.includes('file:'));
  const callers = frames.map((frame) => (frame.includes('stack.js') ? 'this program' : 'the reactor'));
  for (const [i, caller] of callers.entries()) if (caller !== callers[i - 1]) console.log(caller);
  reactor.stop();
});

await reactor.run();
