import type { JwtClaims } from '../facts.ts';
import { member } from './parse-token.ts';

/**
 * What a route's condition on a claim has to look at: the claim's text, or the texts in its list. The name is as in a VirtualService, behind
 * `@request.auth.claims`: `.role`, `.nested.key1`, or `[dotted.claim]`, `[nested][key1]`. Numbers, booleans and objects are no texts.
 */
export function claimTexts(claims: JwtClaims | undefined, name: string): readonly string[] {
  const path = /^(\[[^[\]]+\])+$/.test(name) ? name.slice(1, -1).split('][') : name.replace(/^\./, '').split('.');
  let value: unknown = claims;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    value = member(value as JwtClaims, part);
  }
  return [value].flat().filter((item) => typeof item === 'string');
}
