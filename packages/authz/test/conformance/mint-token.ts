import { createHmac, createPrivateKey, createPublicKey, constants, sign } from 'node:crypto';
import { KEYS, type TokenRecipe } from './corpus.ts';

/** Makes the token of that name by the recipe in `keys.json`. @param nowSeconds what `{"in": n}` counts from. */
export function mintToken(name: string, nowSeconds: number): string {
  const recipe = KEYS.tokens[name];
  if (!recipe) throw new Error(`no token ${name} in keys.json`);
  const payload = base64url(resolved(recipe.claims, nowSeconds));
  const signed = `${base64url(headerOf(recipe))}.${payload}`;
  const signature = recipe.signature ?? signatureOf(recipe, signed);
  if (recipe.tamper === 'signature') return `${signed}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  if (recipe.tamper === 'payload')
    return `${signed.split('.')[0]}.${base64url(resolved(KEYS.tokens['badsig']?.claims, nowSeconds))}.${signature}`;
  return `${signed}.${signature}`;
}

function headerOf({ alg = 'RS256', key, header = {} }: TokenRecipe): object {
  const all = { alg, typ: 'JWT', kid: key && KEYS.privateKeys[key]?.['kid'], ...header };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}

function resolved(claims: unknown, nowSeconds: number): unknown {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return claims;
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => {
      const later: unknown = typeof value === 'object' && value !== null && 'in' in value ? value.in : undefined;
      return [name, typeof later === 'number' ? nowSeconds + later : value];
    }),
  );
}

function signatureOf({ alg = 'RS256', key = '', secret }: TokenRecipe, signed: string): string {
  const jwk = KEYS.privateKeys[key];
  if (secret !== undefined) {
    const main = createPublicKey({ key: KEYS.privateKeys['main'] ?? {}, format: 'jwk' });
    return createHmac('sha256', main.export({ type: 'spki', format: 'pem' }))
      .update(signed)
      .digest('base64url');
  }
  if (alg.startsWith('HS'))
    return createHmac('sha256', Buffer.from(jwk?.['k'] ?? '', 'base64url'))
      .update(signed)
      .digest('base64url');
  if (!jwk || alg.toLowerCase() === 'none') return '';
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const data = Buffer.from(signed);
  if (alg === 'EdDSA') return sign(null, data, privateKey).toString('base64url');
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  if (alg.startsWith('PS'))
    return sign(hash, data, {
      key: privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: Number(alg.slice(2)) / 8,
    }).toString('base64url');
  return sign(hash, data, privateKey).toString('base64url');
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
