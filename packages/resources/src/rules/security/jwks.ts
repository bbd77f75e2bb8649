import type { Report } from '../report.ts';

/** What a key of each type is made of. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};

type Key = Readonly<Record<string, unknown>>;

/** Keys to check signatures with (RFC 7517): a set, or one by itself. Private ones have no business in a configuration. */
export function jwksRule(text: string, at: string, report: Report): void {
  const keys = keysOf(text);
  if (!keys) return report.error(at, 'jwks parse error: it is no JSON Web Key Set', 'write {"keys": [...]}');
  keys.forEach((key, index) => {
    const { kty } = key;
    const members = typeof kty === 'string' && Object.hasOwn(MEMBERS, kty) ? MEMBERS[kty] : undefined;
    if (!members) report.error(at, `jwks parse error: key ${index} has no known type (kty)`);
    else if (members.some((name) => typeof key[name] !== 'string'))
      report.error(at, `jwks parse error: key ${index} needs ${members.join(', ')}`);
    else if (kty === 'oct' || key['d'] !== undefined)
      report.warning(at, `jwks key at index ${index} contains private key material; only public keys are used for verification`);
  });
}

function keysOf(text: string): readonly Key[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // whether it is JSON is part of the question
  }
  if (!isKey(value)) return undefined;
  const keys = value['keys'] === undefined ? [value] : value['keys'];
  return Array.isArray(keys) && keys.every(isKey) ? keys : undefined;
}

function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
