import { Address } from './address.ts';

/** A CIDR block, or one address. */
export class IpBlock {
  readonly family: 4 | 6;
  /** How many of 128 bits count; an IPv4 block's are behind 96 others. */
  readonly prefixBits: number;
  readonly words: Int32Array;
  readonly #masks: Int32Array;

  private constructor(family: 4 | 6, words: Int32Array, prefixBits: number) {
    const masks = masksOf(prefixBits);
    this.family = family;
    this.prefixBits = prefixBits;
    this.#masks = masks;
    this.words = words.map((word, i) => word & (masks[i] as number));
  }

  /**
   * `10.0.0.0/8`, `203.0.113.9`, `2001:db8::/32`, `::ffff:10.0.0.0/104` (the same as `10.0.0.0/8`). Bits behind the prefix don't count.
   *
   * @returns undefined when it is no block.
   */
  static parse(text: string): IpBlock | undefined {
    const slash = text.indexOf('/');
    const address = new Address();
    const host = slash === -1 ? text : text.slice(0, slash);
    if (host.includes('%') || !address.parse(host) || address.family === 0) return undefined;
    const mapped = address.family === 4 && host.includes(':');
    const size = address.family === 4 && !mapped ? 32 : 128;
    const written = slash === -1 ? String(size) : text.slice(slash + 1);
    if (!/^\d{1,3}$/.test(written) || Number(written) > size) return undefined;
    const bits = mapped ? Number(written) - 96 : Number(written);
    if (bits < 0) return undefined;
    return new IpBlock(address.family, address.words, address.family === 4 ? 96 + bits : bits);
  }

  /** An IPv4 address is in no IPv6 block, not even in `::/0`. */
  contains(address: Address): boolean {
    if (address.family !== this.family) return false;
    for (let i = 0; i < 4; i++) if (((address.words[i] as number) & (this.#masks[i] as number)) !== this.words[i]) return false;
    return true;
  }
}

/** A mask of that many leading bits, as four words. */
export function masksOf(prefixBits: number): Int32Array {
  return Int32Array.from({ length: 4 }, (_, i) => {
    const bits = Math.min(Math.max(prefixBits - 32 * i, 0), 32);
    return bits === 0 ? 0 : -1 << (32 - bits);
  });
}
