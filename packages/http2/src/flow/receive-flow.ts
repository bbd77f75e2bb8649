import { DEFAULT_WINDOW } from '../protocol/frame-type.ts';

/**
 * The connection's receive window. It is given back as bytes arrive, so that a stream nobody reads does not hold up the others; but not beyond
 * the bytes that may lie unread in all of them together.
 */
export class ReceiveFlow {
  /** What the peer may still send. */
  available = DEFAULT_WINDOW;
  #size: number;
  readonly #maxBuffered: number;
  #buffered = 0;
  #received = 0;
  #granted = DEFAULT_WINDOW;

  constructor(size: number, maxBuffered: number) {
    this.#size = Math.max(size, DEFAULT_WINDOW);
    this.#maxBuffered = maxBuffered;
  }

  /** Received bytes that nobody has read. */
  get buffered(): number {
    return this.#buffered;
  }

  /** The peer is not given back all that it has used. */
  get isTight(): boolean {
    return this.#buffered > this.#maxBuffered;
  }

  /** A DATA frame of `bytes` arrives. False: the peer was not allowed to send it. */
  arrives(bytes: number): boolean {
    this.available -= bytes;
    this.#received += bytes;
    this.#buffered += bytes;
    return this.available >= 0;
  }

  /** `bytes` were read or thrown away. */
  consumed(bytes: number): void {
    this.#buffered -= bytes;
  }

  grow(size: number): void {
    this.#size = Math.max(this.#size, size);
  }

  /** The increment that is worth a WINDOW_UPDATE now, or 0. */
  takeIncrement(): number {
    const withheld = Math.max(0, this.#buffered - this.#maxBuffered);
    const increment = this.#received - withheld + this.#size - this.#granted;
    if (increment < this.#size >> 1) return 0;
    this.#granted += increment;
    this.available += increment;
    return increment;
  }
}
