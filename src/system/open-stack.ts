/**
 * What a function has opened so far: closed in reverse order when the function fails, kept when it says so. Node 20 has
 * no AsyncDisposableStack.
 */
export class OpenStack implements AsyncDisposable {
  #closers: (() => Promise<unknown> | unknown)[] = [];

  /** @param close what closes it; undefined: its own `close` */
  add<T extends { close(): Promise<unknown> | unknown }>(opened: T): T;
  add<T>(opened: T, close: (opened: T) => Promise<unknown> | unknown): T;
  add<T>(opened: T, close = (one: T) => (one as { close(): unknown }).close()): T {
    this.#closers.push(() => close(opened));
    return opened;
  }

  /** Whoever is handed the opened things closes them from now on. */
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
