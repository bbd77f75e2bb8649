// The one place that imports node-forge. It sees only bytes that passed the strict gate, or that we build ourselves.
import asn1, { type ForgeNode } from 'node-forge/lib/asn1.js';
import { DerError } from './der-error.ts';
import { assertStrictDer, type DerLimits } from './strict-der.ts';

/** One element. `tag` is the identifier octet: class, constructed bit, number. */
export interface DerNode {
  readonly tag: number;
  /** Of a primitive; empty when constructed. */
  readonly content: Buffer;
  readonly children: readonly DerNode[];
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  context: 0x80,
  contextConstructed: 0xa0,
} as const;

const CONSTRUCTED = 0x20;
const NOTHING = Buffer.alloc(0);

/**
 * Parses untrusted bytes. What comes out re-encodes to the very same bytes, so a part of it is what was signed.
 *
 * @throws {DerError}
 */
export function decodeDer(der: Uint8Array, limits: DerLimits): DerNode {
  assertStrictDer(der, limits);
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const root = asn1.fromDer(bytes.toString('latin1'), {
    strict: true,
    parseAllBytes: true,
    decodeBitStrings: false,
    maxDepth: limits.maxDepth + 1,
  });
  const node = fromForge(root);
  if (!encodeDer(node).equals(bytes)) throw new DerError('not in DER form');
  return node;
}

export function encodeDer(node: DerNode): Buffer {
  return Buffer.from(asn1.toDer(toForge(node)).getBytes(), 'latin1');
}

export function encodeOid(dotted: string): Buffer {
  return Buffer.from(asn1.oidToDer(dotted).getBytes(), 'latin1');
}

export function decodeOid(content: Buffer): string {
  return asn1.derToOid(content.toString('latin1'));
}

export function constructed(tag: number, children: readonly DerNode[]): DerNode {
  return { tag, content: NOTHING, children };
}

export function primitive(tag: number, content: Buffer): DerNode {
  return { tag, content, children: [] };
}

function fromForge(node: ForgeNode): DerNode {
  const tag = node.tagClass | (node.constructed ? CONSTRUCTED : 0) | node.type;
  if (typeof node.value === 'string') return primitive(tag, Buffer.from(node.value, 'latin1'));
  return constructed(tag, node.value.map(fromForge));
}

function toForge(node: DerNode): ForgeNode {
  const isConstructed = (node.tag & CONSTRUCTED) !== 0;
  const value = isConstructed ? node.children.map(toForge) : node.content.toString('latin1');
  return asn1.create(node.tag & 0xc0, node.tag & 0x1f, isConstructed, value);
}
