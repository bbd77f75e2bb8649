type Closer = () => unknown;

/** What has been opened, to be closed in the opposite order. */
export class Closers {
  readonly #closers: Closer[] = [];

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Closes everything, once, also when something in between fails; then throws the first failure. */
  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    while (this.#closers.length > 0) {
      try {
        await this.#closers.pop()?.();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
