import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { fakeClock, type FakeClock } from '@lateen/core/testing';
import {
  compileRequestAuthentication,
  type FetchKeys,
  type JwksSettings,
  JwksStore,
  type RequestAuthenticator,
} from '@lateen/authz';
import { resource, revision, WORKLOAD } from './fixtures.ts';

export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey & { readonly kid: string };
}

/** A P-256 key of its own for every run. */
export function makeKey(kid: string): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } };
}

export const KEY = makeKey('one');

export function jwks(...keys: readonly TestKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/** An ES256 token. */
export function token(claims: object, { key = KEY, header = {} }: { key?: TestKey; header?: object } = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'ES256', kid: key.kid, ...header })}.${encode({ iss: 'me', sub: 'alice', ...claims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export interface Setup {
  readonly clock: FakeClock;
  readonly authenticator: RequestAuthenticator;
  readonly store: JwksStore;
}

export const NO_FETCH: FetchKeys = async () => {
  throw new Error('nothing is to be fetched');
};

/** An authenticator of these rules; a rule without keys gets those of `KEY`. */
export function setup(jwtRules: readonly object[], fetch: FetchKeys = NO_FETCH, settings: Partial<JwksSettings> = {}): Setup {
  const clock = fakeClock();
  const store = new JwksStore({ fetch, clock, ...settings });
  const rules = jwtRules.map((rule) =>
    'jwksUri' in rule || 'jwks' in rule || 'discover' in rule ? rule : { jwks: jwks(KEY), ...rule },
  );
  const authenticator = compileRequestAuthentication(revision(resource('RequestAuthentication', { jwtRules: rules })), WORKLOAD, {
    clock,
    keys: store,
  });
  return { clock, authenticator, store };
}

export function request(parts: { headers?: readonly string[]; path?: string; method?: string } = {}) {
  return { method: 'GET', path: '/', host: 'app', scheme: 'http', headers: [], ...parts };
}

export function bearer(text: string): readonly string[] {
  return ['authorization', `Bearer ${text}`];
}
