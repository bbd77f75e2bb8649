const REMEMBERED = 1024;

/** Streams that we reset: what the peer sent before it heard of it is let pass. The latest thousand are remembered. */
export class ClosedStreams {
  readonly #ids = new Set<number>();

  add(id: number): void {
    this.#ids.add(id);
    if (this.#ids.size > REMEMBERED) this.#ids.delete(this.#ids.values().next().value as number);
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }
}
