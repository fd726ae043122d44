/** Work of the thread pool on a maker's books: files, names, cryptography. */
import { isPending, whenTold } from './handle.js';
import type { Made, State } from './made.js';
import type { Place } from './place.js';

export class RequestMade implements Made {
  readonly kind = 'request';
  readonly place: Place;
  readonly #request: object;
  readonly #isPromised: boolean;
  /** Work that is done at once, as by `randomBytesSync`, is asked of nobody. */
  #isAsked: readonly (() => boolean)[] = [];
  #isAnswered = false;

  /** @param isPromised - It has a promise; any other is told when it is answered. */
  constructor(request: object, isPromised: boolean, place: Place) {
    this.#request = request;
    this.#isPromised = isPromised;
    this.place = place;
    if (isPromised) return;
    const answered = () => {
      this.#isAnswered = true;
    };
    this.#isAsked = [whenTold(request, 'oncomplete', answered), whenTold(request, 'ondone', answered)];
  }

  state(): State {
    if (this.#isPromised) return isPending(this.#request) ? 'left' : 'ended';
    return !this.#isAnswered && this.#isAsked.some((isAsked) => isAsked()) ? 'left' : 'ended';
  }

  describe(): string {
    return (
      /^(?:async )?(?:[\w.]*\.)?([^ .]*)(?: \[as [^\]]*\])? \(node:([a-z_/]+)/
        .exec(this.place.called)
        ?.slice(1)
        .reverse()
        .join('.') ?? 'request'
    );
  }

  close(): void {
    // Node has no way to call it back; it comes to its end by itself.
  }
}
