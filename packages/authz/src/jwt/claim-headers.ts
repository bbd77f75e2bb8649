import { member } from './parse-token.ts';

const MAX_UINT64 = 2 ** 64;

/**
 * What `outputClaimToHeaders` writes for a claim, as Envoy: text as it is, whole numbers as such and others with six decimals, lists and
 * objects as padded Base64 of their JSON. A name with dots leads into objects.
 *
 * Text beyond ASCII goes as UTF-8 bytes, one character each, as Node writes headers.
 *
 * @returns undefined for no header: the claim is absent, null or empty.
 */
export function claimHeader(payload: Readonly<Record<string, unknown>>, path: readonly string[]): string | undefined {
  let value: unknown = payload;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = member(value as Record<string, unknown>, name);
  }
  if (typeof value === 'string') return isHeaderValue(value) ? Buffer.from(value).toString('latin1') : undefined;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

function numberText(value: number): string {
  if (value < 0 || value >= MAX_UINT64 || !Number.isInteger(value)) return value.toFixed(6);
  return BigInt(value).toString();
}

/** A line break in a claim must not begin a header of its own. */
function isHeaderValue(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return text !== '' && !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text);
}
