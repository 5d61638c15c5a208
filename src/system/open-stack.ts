/**
 * The resources that a function has opened so far: closed in reverse order if the function fails, kept on request. Node
 * 20 lacks AsyncDisposableStack.
 */
export class OpenStack implements AsyncDisposable {
  #closers: (() => Promise<unknown> | unknown)[] = [];

  /** @param close closes it; undefined: its own `close` */
  add<T extends { close(): Promise<unknown> | unknown }>(opened: T): T;
  add<T>(opened: T, close: (opened: T) => Promise<unknown> | unknown): T;
  add<T>(opened: T, close = (one: T) => (one as { close(): unknown }).close()): T {
    this.#closers.push(() => close(opened));
    return opened;
  }

  /** The receiver of the opened resources closes them from now on. */
  keep(): void {
    this.#closers = [];
  }

  /** Closes all, whatever fails: the failure that led here counts. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch {}
    }
  }
}
