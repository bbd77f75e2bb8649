import { constructed, type DerNode, TAG } from '../der/asn1.ts';
import { bitString, boolean, oid, sequence, smallInteger } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { oidOf, sequenceOf, smallIntegerOf } from '../der/der-readers.ts';
import { decodeExtension, type Extension, extension } from './extension.ts';
import { OID } from './oids.ts';

/** In the order of their bits. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export function keyUsage(usages: readonly KeyUsage[]): Extension {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const highest = Math.max(...bits);
  const bytes = Buffer.alloc((highest >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
  return extension(OID.keyUsage, true, bitString(bytes, 7 - (highest & 7)));
}

export function readKeyUsage(value: Buffer): ReadonlySet<KeyUsage> {
  const node = decodeExtension(value);
  if (node.tag !== TAG.bitString || node.content.length > 3) throw new DerError('a key usage that is no short BIT STRING');
  const bits = node.content.subarray(1);
  return new Set(KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

export function extendedKeyUsage(usages: readonly string[]): Extension {
  return extension(OID.extendedKeyUsage, false, sequence(...usages.map(oid)));
}

export function readExtendedKeyUsage(value: Buffer): readonly string[] {
  return sequenceOf(decodeExtension(value), 'the extended key usage').map((usage) => oidOf(usage, 'an extended key usage'));
}

export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and a leaf; undefined: any number. */
  readonly pathLength: number | undefined;
}

export function basicConstraints({ isAuthority, pathLength }: BasicConstraints): Extension {
  const parts: DerNode[] = [];
  if (isAuthority) parts.push(boolean(true));
  if (pathLength !== undefined) parts.push(smallInteger(pathLength));
  return extension(OID.basicConstraints, true, constructed(TAG.sequence, parts));
}

export function readBasicConstraints(value: Buffer): BasicConstraints {
  const parts = [...sequenceOf(decodeExtension(value), 'the basic constraints')];
  const isAuthority = parts[0]?.tag === TAG.boolean;
  if (isAuthority && parts.shift()?.content[0] !== 0xff) throw new DerError('basic constraints with FALSE written out');
  const pathLength = parts.length > 0 ? smallIntegerOf(parts.shift(), 'the path length') : undefined;
  if (parts.length > 0 || (pathLength !== undefined && !isAuthority)) throw new DerError('basic constraints with surplus parts');
  return { isAuthority, pathLength };
}
