/**
 * A 32-bit hash of a text, the same in every process: consistent hashing needs all callers to agree.
 *
 * Source: Fowler, Noll, Vo (FNV-1a), followed by the finalizer of Appleby's MurmurHash3, which spreads what FNV leaves in the low bits.
 */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** For requests that bring nothing to hash: any place will do. */
export const NO_HASH = -1;
