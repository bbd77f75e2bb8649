import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 3_072;
const ZERO = 0x30;

/**
 * Trace and span ids: random bytes drawn from the system a page at a time and written as hex at once. An id is a piece of that page, which costs a
 * tenth of writing it out.
 */
export class IdPool {
  readonly #bytes = Buffer.alloc(POOL_BYTES);
  readonly #fill: (buffer: Buffer) => void;
  #page = '';
  #position = 0;

  constructor(fill: (buffer: Buffer) => void = randomFillSync) {
    this.#fill = fill;
  }

  /** 32 hex digits. */
  traceId(): string {
    return this.#take(32);
  }

  /** 16 hex digits. */
  spanId(): string {
    return this.#take(16);
  }

  #take(digits: number): string {
    if (this.#position + digits > this.#page.length) this.#refill();
    const start = this.#position;
    this.#position += digits;
    const id = this.#page.slice(start, start + digits);
    // An all-zero id is not valid; one in 2^64 draws would be, and is drawn again.
    return id.charCodeAt(0) === ZERO && /^0+$/.test(id) ? this.#take(digits) : id;
  }

  #refill(): void {
    this.#fill(this.#bytes);
    this.#page = this.#bytes.toString('hex');
    this.#position = 0;
  }
}
