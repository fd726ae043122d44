/** Work of the thread pool on a maker's books: files, names, cryptography. */
import { isGone, isPending, promiseOf, whenRun, whenTold } from './handle.js';
import type { Made, State } from './made.js';
import type { Place } from './place.js';

/** Where users find what Node keeps in these files of its own. */
const MODULES: Readonly<Record<string, string>> = {
  'crypto/webcrypto': 'crypto.subtle',
  'dns/callback_resolver': 'dns',
  'fs/dir': 'fs.Dir',
};

/** What users call these functions of Node's. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  queryA: 'resolve4',
  queryAaaa: 'resolve6',
  getHostByAddr: 'reverse',
};

export class RequestMade implements Made {
  readonly kind = 'request';
  readonly place: Place;
  readonly #request: object;
  /** Node lists a request as active still while those who wait for its promise go on. */
  #promise: unknown;
  /** Work that is done at once, as by `randomBytesSync`, is asked of nobody. */
  #isAsked: readonly (() => boolean)[] = [];
  #isAnswered = false;

  /** @param isPromised - It has a promise; any other is told when it is answered, or gives one when it is run. */
  constructor(request: object, isPromised: boolean, place: Place) {
    this.place = place;
    this.#request = request;
    if (isPromised) {
      this.#promise = promiseOf(request);
      return;
    }
    const answered = () => {
      this.#isAnswered = true;
    };
    this.#isAsked = [whenTold(request, 'oncomplete', answered), whenTold(request, 'ondone', answered)];
    whenRun(request, (answer) => {
      if (answer instanceof Promise) this.#promise = answer;
    });
  }

  state(): State {
    return this.#isUnderWay() || isPending(this.#promise) ? 'left' : 'ended';
  }

  #isUnderWay(): boolean {
    return !this.#isAnswered && this.#isAsked.some((isAsked) => isAsked()) && !isGone(this.#request);
  }

  describe(): string {
    const called = /^(?:async )?(?:[\w.]*\.)?([^ .]*)(?: \[as ([^\]]*)\])? \(node:(?:internal\/)?([a-z_/]+)/;
    const [, ownName, usedName, file = ''] = called.exec(this.place.called) ?? [];
    const name = FUNCTIONS[ownName ?? ''] ?? usedName ?? ownName?.replace(/^query(?=[A-Z])/, 'resolve');
    return name === undefined ? 'request' : `${MODULES[file] ?? file.replace(/^crypto\/.*/, 'crypto')}.${name}`;
  }

  close(): void {
    // Node has no way to call it back; it comes to its end by itself.
  }
}
