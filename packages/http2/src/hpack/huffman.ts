import '../protocol/buffer-methods.ts';
import { END_OF_STRING, HUFFMAN_CODES, HUFFMAN_LENGTHS } from './huffman-code.ts';

/** How many bytes `text` (Latin-1) takes when coded. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += HUFFMAN_LENGTHS[text.charCodeAt(i) & 0xff] as number;
  return (bits + 7) >> 3;
}

/** Codes `text` (Latin-1) into `target` from `offset`; returns the offset behind it. The last byte is filled up with ones. */
export function huffmanEncode(text: string, target: Buffer, offset: number): number {
  let pending = 0; // at most 7 bits left over and 30 new ones: kept in a double, which holds 53
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i) & 0xff;
    const length = HUFFMAN_LENGTHS[symbol] as number;
    pending = pending * 2 ** length + (HUFFMAN_CODES[symbol] as number);
    bits += length;
    while (bits >= 8) {
      bits -= 8;
      const byte = Math.floor(pending / 2 ** bits);
      target[offset++] = byte;
      pending -= byte * 2 ** bits;
    }
  }
  if (bits > 0) target[offset++] = (pending << (8 - bits)) | (0xff >> bits);
  return offset;
}

/**
 * A machine that reads four bits at a time: `next[state * 16 + bits]` packs the following state, whether a symbol comes out, and which.
 * States are the inner nodes of the code tree; 0 is the root.
 */
interface Machine {
  readonly next: Int32Array;
  /** States in which a string may end: the root, and up to seven ones behind it. */
  readonly mayEnd: Uint8Array;
}

const EMITS = 0x100;
const FAILS = -1;
const STATE_SHIFT = 9;

let machine: Machine | undefined;
let scratch = Buffer.allocUnsafeSlow(4096);

/** Text of `source[start, end)`; undefined when it holds the end symbol, or does not end in up to seven ones. */
export function huffmanDecode(source: Buffer, start: number, end: number): string | undefined {
  machine ??= buildMachine();
  const { next, mayEnd } = machine;
  // The shortest code has five bits.
  const longest = (((end - start) * 8) / 5) | 0;
  if (longest > scratch.length) scratch = Buffer.allocUnsafeSlow(longest * 2);
  let state = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = source[i] as number;
    let step = next[(state << 4) | (byte >> 4)] as number;
    if (step === FAILS) return undefined;
    if (step & EMITS) scratch[length++] = step;
    step = next[((step >> STATE_SHIFT) << 4) | (byte & 15)] as number;
    if (step === FAILS) return undefined;
    if (step & EMITS) scratch[length++] = step;
    state = step >> STATE_SHIFT;
  }
  return mayEnd[state] === 1 ? scratch.latin1Slice(0, length) : undefined;
}

/** Children are inner nodes (≥ 0) or `~symbol`. */
type Tree = [zero: number, one: number][];

function buildMachine(): Machine {
  const tree = buildTree();
  const next = new Int32Array(tree.length * 16);
  for (let state = 0; state < tree.length; state++) {
    for (let nibble = 0; nibble < 16; nibble++) next[(state << 4) | nibble] = walk(tree, state, nibble);
  }
  const mayEnd = new Uint8Array(tree.length);
  for (let node = 0, ones = 0; ones < 8; ones++) {
    mayEnd[node] = 1;
    node = (tree[node] as [number, number])[1];
  }
  return { next, mayEnd };
}

function walk(tree: Tree, state: number, nibble: number): number {
  let node = state;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = (tree[node] as [number, number])[(nibble >> bit) & 1] as number;
    if (child >= 0) node = child;
    else if (~child === END_OF_STRING) return FAILS;
    else {
      emitted = EMITS | ~child;
      node = 0;
    }
  }
  return (node << STATE_SHIFT) | emitted;
}

function buildTree(): Tree {
  const tree: Tree = [[0, 0]];
  for (let symbol = 0; symbol <= END_OF_STRING; symbol++) {
    const code = HUFFMAN_CODES[symbol] as number;
    let node = 0;
    for (let bit = (HUFFMAN_LENGTHS[symbol] as number) - 1; bit >= 0; bit--) {
      const children = tree[node] as [number, number];
      const side = (code >>> bit) & 1;
      if (bit === 0) children[side] = ~symbol;
      else {
        if (children[side] === 0) children[side] = tree.push([0, 0]) - 1;
        node = children[side] as number;
      }
    }
  }
  return tree;
}
