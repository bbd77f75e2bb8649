import { constructed, type DerNode, encodeOid, primitive, TAG } from './asn1.ts';

export function sequence(...children: readonly DerNode[]): DerNode {
  return constructed(TAG.sequence, children);
}

export function set(...children: readonly DerNode[]): DerNode {
  return constructed(TAG.set, children);
}

/** Of an unsigned big-endian number, made minimal. */
export function unsignedInteger(bytes: Uint8Array): DerNode {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = Buffer.from(bytes.subarray(start));
  const padded = ((digits[0] ?? 0) & 0x80) !== 0 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  return primitive(TAG.integer, padded);
}

export function smallInteger(value: number): DerNode {
  return unsignedInteger(Buffer.from([value]));
}

export function boolean(value: boolean): DerNode {
  return primitive(TAG.boolean, Buffer.from([value ? 0xff : 0x00]));
}

export function oid(dotted: string): DerNode {
  return primitive(TAG.oid, encodeOid(dotted));
}

export function octetString(content: Buffer): DerNode {
  return primitive(TAG.octetString, content);
}

export function bitString(content: Buffer, unusedBits = 0): DerNode {
  return primitive(TAG.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));
}

export function utf8String(text: string): DerNode {
  return primitive(TAG.utf8String, Buffer.from(text, 'utf8'));
}

/** X.509's time: UTCTime before 2050, GeneralizedTime from then on; whole seconds, rounded down. */
export function time(epochMs: number): DerNode {
  const digits = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = Number(digits.slice(0, 4));
  if (year < 2050) return primitive(TAG.utcTime, Buffer.from(digits.slice(2), 'latin1'));
  return primitive(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}
