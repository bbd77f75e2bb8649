import { isUtf8 } from 'node:buffer';
import { DerError } from './der-error.ts';

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const UTC_TIME = /^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ$/;
const GENERALIZED_TIME = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ$/;
const MAX_ARC_BYTES = 5;

/** Universal types that may come as primitives, each with the check of its one DER form. */
const CHECKS: ReadonlyMap<number, (content: Uint8Array) => boolean> = new Map([
  [1, isBoolean],
  [2, isMinimalInteger],
  [3, isBitString],
  [4, () => true],
  [5, (content) => content.length === 0],
  [6, isObjectIdentifier],
  [12, (content) => isUtf8(content)],
  [19, (content) => PRINTABLE.test(text(content)) && !endsWithNewline(content)],
  [22, (content) => content.every((byte) => byte < 0x80)],
  [23, (content) => content.length === 13 && UTC_TIME.test(text(content))],
  [24, (content) => content.length === 15 && GENERALIZED_TIME.test(text(content))],
]);

/** @throws {DerError} when the type is none of X.509's, or the content is not in DER form. Context-tagged content is its reader's. */
export function checkPrimitive(tag: number, content: Uint8Array): void {
  if (tag >= 0x80) return;
  const check = CHECKS.get(tag);
  if (!check) throw new DerError(`type ${tag}`);
  if (!check(content)) throw new DerError(`type ${tag} not in DER form`);
}

function isBoolean(content: Uint8Array): boolean {
  return content.length === 1 && (content[0] === 0x00 || content[0] === 0xff);
}

function isMinimalInteger(content: Uint8Array): boolean {
  if (content.length === 0) return false;
  if (content.length === 1) return true;
  const negative = ((content[1] as number) & 0x80) !== 0;
  return !(content[0] === 0x00 && !negative) && !(content[0] === 0xff && negative);
}

function isBitString(content: Uint8Array): boolean {
  const unused = content[0];
  if (unused === undefined || unused > 7) return false;
  if (content.length === 1) return unused === 0;
  return ((content[content.length - 1] as number) & ((1 << unused) - 1)) === 0;
}

function isObjectIdentifier(content: Uint8Array): boolean {
  if (content.length === 0) return false;
  let arcBytes = 0;
  for (const byte of content) {
    if (arcBytes === 0 && byte === 0x80) return false;
    if (++arcBytes > MAX_ARC_BYTES) return false;
    if (byte < 0x80) arcBytes = 0;
  }
  return arcBytes === 0;
}

function text(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}

function endsWithNewline(content: Uint8Array): boolean {
  return content[content.length - 1] === 0x0a;
}
