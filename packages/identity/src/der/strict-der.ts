import { checkPrimitive } from './strict-primitives.ts';
import { DerError } from './der-error.ts';

/** How large and deep untrusted DER may be. */
export interface DerLimits {
  readonly maxBytes: number;
  readonly maxNodes: number;
  readonly maxDepth: number;
}

export const REQUEST_LIMITS: DerLimits = { maxBytes: 4096, maxNodes: 512, maxDepth: 12 };
export const CERTIFICATE_LIMITS: DerLimits = { maxBytes: 16_384, maxNodes: 2048, maxDepth: 16 };

const CONSTRUCTED = 0x20;
const HIGHEST_CONTEXT_TAG = 8;
const SEQUENCE = 0x10;
const SET = 0x11;

/**
 * The gate that untrusted DER passes before any parser sees it: one element and nothing after it, definite minimal lengths, only
 * the types that X.509 needs, each primitive in its one DER form, bounded size, node count and depth.
 *
 * Iterative and linear: what is refused is refused within microseconds. Source: ITU-T X.690 §8, §10.
 *
 * @throws {DerError}
 */
export function assertStrictDer(der: Uint8Array, limits: DerLimits): void {
  if (der.length > limits.maxBytes) throw new DerError(`longer than ${limits.maxBytes} bytes`);
  const ends: number[] = [der.length];
  let offset = 0;
  let nodes = 0;
  while (ends.length > 0) {
    const end = ends[ends.length - 1] as number;
    if (offset === end) {
      ends.pop();
      continue;
    }
    if (ends.length === 1 && nodes > 0) throw new DerError('bytes after the end');
    if (++nodes > limits.maxNodes) throw new DerError(`more than ${limits.maxNodes} elements`);
    const tag = der[offset] as number;
    checkTag(tag);
    const { start, length } = readLength(der, offset + 1, end);
    if (length > end - start) throw new DerError('an element longer than what holds it');
    if ((tag & CONSTRUCTED) !== 0) {
      if (ends.length >= limits.maxDepth) throw new DerError(`nested deeper than ${limits.maxDepth}`);
      ends.push(start + length);
      offset = start;
    } else {
      checkPrimitive(tag, der.subarray(start, start + length));
      offset = start + length;
    }
  }
  if (nodes === 0) throw new DerError('empty');
}

function checkTag(tag: number): void {
  const tagClass = tag >>> 6;
  const number = tag & 0x1f;
  if (tagClass === 2) {
    if (number > HIGHEST_CONTEXT_TAG) throw new DerError(`context tag ${number}`);
    return;
  }
  if (tagClass !== 0) throw new DerError('an application or private tag');
  const mustBeConstructed = number === SEQUENCE || number === SET;
  if (((tag & CONSTRUCTED) !== 0) !== mustBeConstructed) throw new DerError(`tag ${number} in the wrong form`);
}

function readLength(der: Uint8Array, offset: number, end: number): { readonly start: number; readonly length: number } {
  if (offset >= end) throw new DerError('cut off before a length');
  const first = der[offset] as number;
  if (first < 0x80) return { start: offset + 1, length: first };
  const count = first & 0x7f;
  if (count === 0) throw new DerError('an indefinite length');
  if (count > 3) throw new DerError('an oversized length');
  if (offset + 1 + count > end) throw new DerError('cut off within a length');
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + (der[offset + i] as number);
  if (length < 0x80 || (count > 1 && der[offset + 1] === 0)) throw new DerError('a length that is not minimal');
  return { start: offset + 1 + count, length };
}
