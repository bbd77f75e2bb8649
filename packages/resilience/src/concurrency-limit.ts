/** Counts what is in flight and refuses beyond a maximum. Infinity = no limit. */
export class ConcurrencyLimit {
  readonly max: number;
  #active = 0;
  #refused = 0;

  constructor(max: number) {
    this.max = max;
  }

  get active(): number {
    return this.#active;
  }

  /** How often it said no, since it was made. */
  get refused(): number {
    return this.#refused;
  }

  tryAcquire(): boolean {
    if (this.#active >= this.max) {
      this.#refused++;
      return false;
    }
    this.#active++;
    return true;
  }

  release(): void {
    this.#active--;
  }
}
