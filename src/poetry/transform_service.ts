import { isUtf8 } from 'node:buffer';
import { type Deferred, maybeDeferred } from 'txtrial/internet';

/** Makes another poem of a poem, now or later. */
export type Transform = (poem: Buffer) => Poem | PromiseLike<Poem>;

type Poem = Buffer | string;

/** There is no transform of the name that was asked for. */
export class UnknownTransformError extends Error {
  override readonly name = 'UnknownTransformError';
}

/** Transforms poems; knows nothing of the network. */
export class TransformService {
  readonly #transforms: ReadonlyMap<string, Transform>;

  /** @param transforms - Each under its name. */
  constructor(transforms: Readonly<Record<string, Transform>> = { cummingsify }) {
    // A map, so that nobody asks for `constructor`.
    this.#transforms = new Map(Object.entries(transforms));
  }

  /**
   * Transforms a poem.
   *
   * @returns A Deferred of the new poem. It fails with UnknownTransformError, or with what went wrong.
   */
  transform(name: string, poem: Buffer): Deferred<Poem> {
    return maybeDeferred((): Poem | PromiseLike<Poem> => {
      const transform = this.#transforms.get(name);
      if (transform === undefined) throw new UnknownTransformError(`There is no transform '${name}'.`);
      return transform(poem);
    });
  }
}

/** The poem in lower case, as E. E. Cummings might have had it. */
export function cummingsify(poem: Buffer): Poem {
  if (isUtf8(poem)) return poem.toString().toLowerCase();
  // In whatever encoding: the letters that nearly all encodings share.
  return Buffer.from(poem.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));
}
