/** What takes data, and what makes it. Types only. */

/**
 * Makes data for a consumer that says when it wants some.
 *
 * A push producer (registered with `streaming` true) writes by itself until it is paused and again when it is resumed;
 * a pull producer writes once for each `resumeProducing()`, and needs no `pauseProducing`.
 *
 * @see Twisted, IPushProducer, IPullProducer
 */
export interface Producer {
  /** The consumer has room. */
  resumeProducing(): void;
  /** The consumer is full: write no more until `resumeProducing()`. */
  pauseProducing?(): void;
  /** The consumer is gone: make nothing any more. */
  stopProducing(): void;
}

/**
 * Takes data, and steers a producer that makes it.
 *
 * @see Twisted, IConsumer
 */
export interface Consumer {
  /** Takes a piece of data. */
  write(data: Uint8Array | string): void;
  /**
   * Has `producer` paused while the consumer is full, and resumed when there is room.
   *
   * @param producer - One at a time.
   * @param streaming - True for a push producer, false for a pull producer.
   * @throws Error when another one is registered.
   */
  registerProducer(producer: Producer, streaming: boolean): void;
  /** The producer has made all that it had to. */
  unregisterProducer(): void;
}
