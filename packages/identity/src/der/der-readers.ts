import { type DerNode, decodeOid, TAG } from './asn1.ts';
import { DerError } from './der-error.ts';

/** The children of a node that must be a SEQUENCE. */
export function sequenceOf(node: DerNode | undefined, what: string): readonly DerNode[] {
  if (node?.tag !== TAG.sequence) throw new DerError(`${what} is no SEQUENCE`);
  return node.children;
}

/** The same, with exactly so many children. */
export function sequenceOfLength(node: DerNode | undefined, length: number, what: string): readonly DerNode[] {
  const children = sequenceOf(node, what);
  if (children.length !== length) throw new DerError(`${what} has ${children.length} parts, not ${length}`);
  return children;
}

export function oidOf(node: DerNode | undefined, what: string): string {
  if (node?.tag !== TAG.oid) throw new DerError(`${what} is no OBJECT IDENTIFIER`);
  return decodeOid(node.content);
}

export function octetsOf(node: DerNode | undefined, what: string): Buffer {
  if (node?.tag !== TAG.octetString) throw new DerError(`${what} is no OCTET STRING`);
  return node.content;
}

/** The bytes of a BIT STRING that fills its last byte, as keys and signatures do. */
export function wholeBitsOf(node: DerNode | undefined, what: string): Buffer {
  if (node?.tag !== TAG.bitString || node.content[0] !== 0) throw new DerError(`${what} is no BIT STRING of whole bytes`);
  return node.content.subarray(1);
}

/** A small non-negative INTEGER. */
export function smallIntegerOf(node: DerNode | undefined, what: string): number {
  if (node?.tag !== TAG.integer || node.content.length > 2) throw new DerError(`${what} is no small INTEGER`);
  const value = node.content.readIntBE(0, node.content.length);
  if (value < 0) throw new DerError(`${what} is negative`);
  return value;
}

/** Epoch ms. UTCTime's two digits mean 1950–2049. */
export function timeOf(node: DerNode | undefined, what: string): number {
  const text = node?.content.toString('latin1') ?? '';
  if (node?.tag !== TAG.utcTime && node?.tag !== TAG.generalizedTime) throw new DerError(`${what} is no time`);
  const digits = node.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number) as [number, number, number];
  const [hour, minute, second] = [digits.slice(8, 10), digits.slice(10, 12), digits.slice(12, 14)].map(Number);
  const epochMs = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(epochMs).getUTCDate() !== day) throw new DerError(`${what} is no day of the calendar`);
  return epochMs;
}
