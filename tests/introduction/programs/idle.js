// A reactor that has nothing to do waits, without using the processor, until Ctrl-C stops it.
import { reactor } from 'txtrial/internet';

reactor.callWhenRunning(() => console.log('waiting for Ctrl-C'));
reactor.addSystemEventTrigger('before', 'shutdown', () => console.log('shutting down'));
await reactor.run();
console.log('stopped');
