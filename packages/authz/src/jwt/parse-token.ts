import { base64url } from 'jose';
import { JWT_STATUS, type JwtStatus } from './jwt-status.ts';

/** A token taken apart, and not believed yet. */
export interface ParsedToken {
  readonly alg: string;
  /** Empty if none. */
  readonly kid: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The middle part as sent. */
  readonly encodedPayload: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Seconds since the epoch; undefined: none. */
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  readonly signedData: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const ALGORITHMS: ReadonlySet<string> = new Set(
  'ES256 ES384 ES512 HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA'.split(' '),
);
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ASCII = new TextEncoder();
const TOO_BIG = 2 ** 64;

/** Takes a token apart in Envoy's order of checks, so that the first fault is the one it names. @returns the fault's words where there is one. */
export function parseToken(token: string): ParsedToken | JwtStatus {
  const sections = token.split('.');
  const [encodedHeader = '', encodedPayload = '', encodedSignature = ''] = sections;
  if (sections.length !== 3 || sections.includes('')) return JWT_STATUS.badFormat;

  const headerBytes = decode(encodedHeader);
  if (!headerBytes) return JWT_STATUS.headerBase64;
  const header = jsonObject(headerBytes);
  if (!header) return JWT_STATUS.headerJson;
  const alg = member(header, 'alg');
  if (typeof alg !== 'string') return JWT_STATUS.headerAlg;
  if (!ALGORITHMS.has(alg)) return JWT_STATUS.headerAlgUnknown;
  const kid = member(header, 'kid') ?? '';
  if (typeof kid !== 'string' || member(header, 'kid') === null) return JWT_STATUS.headerKid;

  const payloadBytes = decode(encodedPayload);
  if (!payloadBytes) return JWT_STATUS.payloadBase64;
  const payload = jsonObject(payloadBytes);
  if (!payload) return JWT_STATUS.payloadJson;
  const fault = payloadFault(payload);
  if (fault) return fault;

  const signature = decode(encodedSignature);
  if (!signature) return JWT_STATUS.signatureBase64;
  const aud = member(payload, 'aud');
  return {
    alg,
    kid,
    payload,
    encodedPayload,
    issuer: (member(payload, 'iss') as string | undefined) ?? '',
    audiences: Array.isArray(aud) ? aud : typeof aud === 'string' ? [aud] : [],
    notBefore: member(payload, 'nbf') as number | undefined,
    expires: member(payload, 'exp') as number | undefined,
    signedData: ASCII.encode(`${encodedHeader}.${encodedPayload}`),
    signature,
  };
}

function payloadFault(payload: Readonly<Record<string, unknown>>): JwtStatus | undefined {
  const text = (name: string): boolean => ['string', 'undefined'].includes(typeof member(payload, name));
  if (!text('iss')) return JWT_STATUS.iss;
  if (!text('sub')) return JWT_STATUS.sub;
  for (const name of ['iat', 'nbf', 'exp'] as const) {
    const time = member(payload, name);
    if (time === undefined) continue;
    if (typeof time !== 'number') return JWT_STATUS[`${name}Type`];
    if (time < 0 || time >= TOO_BIG) return JWT_STATUS[`${name}Range`];
  }
  if (!text('jti')) return JWT_STATUS.jti;
  const aud = member(payload, 'aud');
  const isList = Array.isArray(aud) && aud.every((item) => typeof item === 'string');
  return text('aud') || isList ? undefined : JWT_STATUS.aud;
}

/** As Envoy's decoder: white space doesn't count, padding may be there if it is right, nothing else may. */
function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  const dense = text.replace(/[\t\n\v\f\r ]/g, '');
  const bare = dense.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(bare) || bare.length % 4 === 1) return undefined;
  if (bare.length !== dense.length && dense.length % 4 !== 0) return undefined;
  return base64url.decode(bare) as Uint8Array<ArrayBuffer>;
}

function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Its own member: `__proto__` and `constructor` are names like others. */
export function member(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
