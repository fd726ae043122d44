// An error that nobody takes is not lost: it is reported when the Deferred is gone, at the latest at the end.
import { Deferred } from 'txtrial/internet';

const d = new Deferred();
d.addCallback((poem) => poem.toUpperCase());
d.addCallback((poem) => console.log(poem));
d.callback(42);
console.log('finished');
