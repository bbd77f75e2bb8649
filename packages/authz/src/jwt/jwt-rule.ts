import { parseDurationMs } from '@lateen/core';
import type { RequestAuthenticationSpec, Resource, Revision } from '@lateen/resources';
import { appliesTo, type PolicyWorkload } from '../workload.ts';

type RuleSpec = NonNullable<RequestAuthenticationSpec['jwtRules']>[number];

/** One entry of `jwtRules`, with Istio's defaults filled in. */
export interface JwtRule {
  /** Empty: any issuer. */
  readonly issuer: string;
  /** Without scheme and trailing slash; empty: any audience. */
  readonly audiences: readonly string[];
  readonly jwks: string | undefined;
  readonly jwksUri: string | undefined;
  /** How long keys may take to come. Default 5 s. */
  readonly fetchTimeoutMs: number;
  /** Lower-case names with the text that stands before the token. */
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  readonly forwardOriginalToken: boolean;
  /** Lower case. */
  readonly outputPayloadToHeader: string | undefined;
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: readonly string[] }[];
  readonly spaceDelimitedClaims: readonly string[];
}

const DEFAULT_FETCH_TIMEOUT_MS = 5_000;
const WORD_LISTS = ['scope', 'permission'];

/** The rules of all RequestAuthentications that hold for the workload, by issuer: of several that a token satisfies, the first counts. */
export function jwtRulesFor({ resources }: Revision, workload: PolicyWorkload): readonly JwtRule[] {
  return (resources as readonly Resource<string, RequestAuthenticationSpec>[])
    .filter((resource) => resource.kind === 'RequestAuthentication' && appliesTo(resource, workload))
    .flatMap(({ spec }) => (spec.jwtRules ?? []).map(jwtRule))
    .sort((a, b) => (a.issuer < b.issuer ? -1 : a.issuer > b.issuer ? 1 : 0));
}

function jwtRule(spec: RuleSpec): JwtRule {
  const { fromHeaders = [], fromParams = [], fromCookies = [] } = spec;
  const isDefault = fromHeaders.length + fromParams.length + fromCookies.length === 0;
  return {
    issuer: spec.issuer ?? '',
    audiences: (spec.audiences ?? []).map(plainAudience),
    jwks: spec.jwks || undefined,
    jwksUri: spec.jwksUri || spec.jwks_uri || undefined,
    fetchTimeoutMs: (spec.timeout && parseDurationMs(spec.timeout)) || DEFAULT_FETCH_TIMEOUT_MS,
    fromHeaders: isDefault
      ? [{ name: 'authorization', prefix: 'Bearer ' }]
      : fromHeaders.map(({ name, prefix = '' }) => ({ name: name.toLowerCase(), prefix })),
    fromParams: isDefault ? ['access_token'] : fromParams,
    fromCookies,
    forwardOriginalToken: spec.forwardOriginalToken ?? false,
    outputPayloadToHeader: spec.outputPayloadToHeader?.toLowerCase() || undefined,
    outputClaimToHeaders: (spec.outputClaimToHeaders ?? []).map(({ header, claim }) => ({
      header: header.toLowerCase(),
      claim: claim.split('.'),
    })),
    spaceDelimitedClaims: [...WORD_LISTS, ...(spec.spaceDelimitedClaims ?? [])],
  };
}

/** Audiences are compared without `http(s)://` and without a slash at the end. */
export function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}
