/** Passes items from a producer to a consumer, one at a time: the producer waits until the item is taken. */
export class Handover<T> {
  readonly #abort = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #item: { readonly value: T; readonly taken: () => void } | undefined;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** @param outer ends both sides on abort */
  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    if (outer?.aborted) this.#stop(outer.reason);
    else outer?.addEventListener('abort', this.#onOuter, { once: true });
  }

  /** Aborts when the consumer has gone. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Settles when the item was taken, or the consumer has gone. */
  async put(value: T): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise<void>(taken => {
      this.#item = { value, taken };
      this.#wake?.();
    });
  }

  /** No more items will come. */
  end(): void {
    this.#isEnded = true;
    this.#outer?.removeEventListener('abort', this.#onOuter);
    this.#wake?.();
  }

  /** Stops consuming. */
  close(): void {
    if (!this.#isEnded) this.#stop(new DOMException('the caller stopped reading the results', 'AbortError'));
  }

  async *items(): AsyncGenerator<T> {
    for (;;) {
      const item = this.#item;
      if (!item && this.#isEnded) return;
      if (item) {
        this.#item = undefined;
        item.taken();
        yield item.value;
      } else await this.#wait();
    }
  }

  readonly #onOuter = (): void => this.#stop(this.#outer?.reason);

  #stop(reason: unknown): void {
    this.#abort.abort(reason);
    this.#item?.taken();
  }

  async #wait(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
