/** Our side of flow control for one stream: what the peer may still send, and what it was not yet given back. */
export class ReceiveWindow {
  /** What the peer may send; below zero it sent more than it may. */
  available: number;
  /** What it is given when nothing waits to be read. */
  size: number;
  /** Read by the application and not yet given back. */
  #unreported = 0;

  constructor(size: number) {
    this.available = size;
    this.size = size;
  }

  /** `bytes` were used up. Returns the increment that is worth a WINDOW_UPDATE now, or 0. */
  release(bytes: number): number {
    this.#unreported += bytes;
    if (this.#unreported < this.size >> 1) return 0;
    return this.#report();
  }

  /** Makes the window larger. Returns the increment to tell. */
  grow(size: number): number {
    if (size <= this.size) return 0;
    this.#unreported += size - this.size;
    this.size = size;
    return this.#report();
  }

  #report(): number {
    const increment = this.#unreported;
    this.#unreported = 0;
    this.available += increment;
    return increment;
  }
}
