/** The only source of chance in Lateen (key material comes from node:crypto). */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [0, bound). `bound` ≥ 1. */
  int(bound: number): number;
}

/**
 * A small fast generator: xorshift32, about a quarter of `Math.random`'s cost on the request path.
 * Not for secrets. Source: Marsaglia, "Xorshift RNGs" (2003).
 *
 * @param seed any integer; 0 is replaced, since it is the one fixed point of the generator.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0 || 0x9e3779b9;
  const nextUint32 = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    next: () => nextUint32() / 0x1_0000_0000,
    int: (bound) => Math.floor((nextUint32() / 0x1_0000_0000) * bound),
  };
}

/** Seeded by the system; every process draws differently. */
export const systemRandom: Random = seededRandom(Math.floor(Math.random() * 0xffffffff));
