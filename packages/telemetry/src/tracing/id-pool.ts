import { randomFillSync } from 'node:crypto';
import type { Latin1Buffer } from './latin1-buffer.ts';

const POOL_BYTES = 4_096;
const HEX = Buffer.from('0123456789abcdef', 'latin1');

/**
 * Trace and span ids: random bytes drawn from the system a page at a time, written as hex without a string concatenation.
 */
export class IdPool {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  readonly #scratch = Buffer.alloc(32) as Latin1Buffer;
  readonly #fill: (buffer: Buffer) => void;
  #position = POOL_BYTES;

  constructor(fill: (buffer: Buffer) => void = randomFillSync) {
    this.#fill = fill;
  }

  /** 32 hex digits. */
  traceId(): string {
    return this.#hex(16);
  }

  /** 16 hex digits. */
  spanId(): string {
    return this.#hex(8);
  }

  /** An all-zero id is not valid; one in 2^64 draws would be, and is drawn again. */
  #hex(bytes: number): string {
    if (this.#position + bytes > POOL_BYTES) this.#refill();
    let any = 0;
    for (let i = 0; i < bytes; i++) {
      const byte = this.#pool[this.#position++] as number;
      any |= byte;
      this.#scratch[2 * i] = HEX[byte >>> 4] as number;
      this.#scratch[2 * i + 1] = HEX[byte & 15] as number;
    }
    return any === 0 ? this.#hex(bytes) : this.#scratch.latin1Slice(0, 2 * bytes);
  }

  #refill(): void {
    this.#fill(this.#pool);
    this.#position = 0;
  }
}
