import type { JwtClaims } from '../facts.ts';
import { claimHeader } from './claim-headers.ts';
import type { JwtRule } from './jwt-rule.ts';
import { type JwtRefusal, jwtRefusal } from './jwt-refusal.ts';
import { JWT_STATUS, type JwtStatus } from './jwt-status.ts';
import { withoutParam } from './request-parts.ts';
import { type FoundToken, findTokens } from './token-places.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-tokens.ts';

/** What tokens are looked for in. */
export interface AuthenticationRequest {
  readonly method: string;
  /** The normalised target. */
  readonly path: string;
  readonly host: string;
  readonly scheme: string;
  /** Flat pairs. */
  readonly headers: readonly string[];
}

/** Either a refusal, or the request as policies and the application are to see it. */
export type AuthenticationOutcome =
  | { readonly refusal: JwtRefusal }
  | {
      readonly refusal: undefined;
      /** Undefined when there was no token. */
      readonly claims: JwtClaims | undefined;
      /** Without the token, unless it is forwarded; with the headers made of claims, and never those that the caller made up. */
      readonly headers: readonly string[];
      readonly path: string;
    };

export interface VerifyingRule {
  readonly rule: JwtRule;
  readonly verifier: TokenVerifier;
}

/** A rule's tokens as verified, the fault of the first bad one, or undefined where it has none. */
type RuleOutcome = readonly (readonly [FoundToken, VerifiedToken])[] | JwtStatus | undefined;

/**
 * The RequestAuthentications of one workload. No token passes; a token that is there must satisfy one rule, and where a rule finds several, all
 * of them must be valid. CORS preflights are not asked for tokens.
 */
export class RequestAuthenticator {
  /** Nothing to look for: every request passes as it is. */
  readonly trivial: boolean;
  /** Headers, in lower case, that only this class may write: routes must not be chosen by what a caller wrote into them. */
  readonly ownHeaders: ReadonlySet<string>;
  readonly #rules: readonly VerifyingRule[];
  readonly #params: readonly string[];

  constructor(rules: readonly VerifyingRule[]) {
    this.#rules = rules;
    this.trivial = rules.length === 0;
    this.#params = [...new Set(rules.flatMap(({ rule }) => rule.fromParams))];
    this.ownHeaders = new Set(
      rules.flatMap(({ rule: { outputPayloadToHeader, outputClaimToHeaders } }) => [
        ...(outputPayloadToHeader === undefined ? [] : [outputPayloadToHeader]),
        ...outputClaimToHeaders.map(({ header }) => header),
      ]),
    );
  }

  /** Synchronous unless a signature has to be checked. */
  authenticate(request: AuthenticationRequest): AuthenticationOutcome | Promise<AuthenticationOutcome> {
    const headers = this.ownHeaders.size > 0 ? without(request.headers, this.ownHeaders) : request.headers;
    const clean = headers === request.headers ? request : { ...request, headers };
    const passed: AuthenticationOutcome = { refusal: undefined, claims: undefined, headers, path: request.path };
    if (this.trivial || isPreflight(request)) return passed;
    const found = this.#rules.map(({ rule }) => findTokens(rule, clean));
    if (found.every((tokens) => tokens.length === 0)) return passed;
    return this.#fromMemory(clean, found) ?? this.#verify(clean, found);
  }

  #fromMemory(request: AuthenticationRequest, found: readonly FoundToken[][]): AuthenticationOutcome | undefined {
    const outcomes: RuleOutcome[] = [];
    for (const [index, { rule, verifier }] of this.#rules.entries()) {
      const outcome = knownOutcome(found[index] ?? [], verifier);
      if (outcome === 'pending') return undefined;
      if (Array.isArray(outcome)) return accepted(request, rule, outcome);
      outcomes.push(outcome);
    }
    return this.#refused(request, outcomes);
  }

  async #verify(request: AuthenticationRequest, found: readonly FoundToken[][]): Promise<AuthenticationOutcome> {
    const outcomes: RuleOutcome[] = [];
    for (const [index, { rule, verifier }] of this.#rules.entries()) {
      const outcome = await verifiedOutcome(found[index] ?? [], verifier);
      if (Array.isArray(outcome)) return accepted(request, rule, outcome);
      outcomes.push(outcome);
    }
    return this.#refused(request, outcomes);
  }

  #refused(request: AuthenticationRequest, outcomes: readonly RuleOutcome[]): AuthenticationOutcome {
    return { refusal: jwtRefusal(statusOf(outcomes as readonly (JwtStatus | undefined)[]), request, this.#params) };
  }
}

function knownOutcome(tokens: readonly FoundToken[], verifier: TokenVerifier): RuleOutcome | 'pending' {
  if (tokens.length === 0) return undefined;
  const verified: (readonly [FoundToken, VerifiedToken])[] = [];
  for (const token of tokens) {
    const known = verifier.known(token.text);
    if (known === undefined) return 'pending';
    if (typeof known === 'string') return known;
    verified.push([token, known]);
  }
  return verified;
}

async function verifiedOutcome(tokens: readonly FoundToken[], verifier: TokenVerifier): Promise<RuleOutcome> {
  if (tokens.length === 0) return undefined;
  const verified: (readonly [FoundToken, VerifiedToken])[] = [];
  for (const token of tokens) {
    const outcome = await verifier.verify(token.text);
    if (typeof outcome === 'string') return outcome;
    verified.push([token, outcome]);
  }
  return verified;
}

/**
 * Which of several rules' faults is told, as Istio's requirement "one of the rules, or all of them, each of which may find no token" comes
 * out: the last that is more than "not my issuer", after which the first of any kind is looked at once more.
 */
function statusOf(outcomes: readonly (JwtStatus | undefined)[]): JwtStatus {
  let status: JwtStatus | undefined;
  for (const fault of [...outcomes, outcomes.find((outcome) => outcome !== undefined)]) {
    if (fault !== undefined && (fault !== JWT_STATUS.unknownIssuer || status === undefined)) status = fault;
  }
  return status ?? JWT_STATUS.unknownIssuer;
}

function accepted(
  request: AuthenticationRequest,
  rule: JwtRule,
  tokens: readonly (readonly [FoundToken, VerifiedToken])[],
): AuthenticationOutcome {
  const headers = [...(rule.forwardOriginalToken ? request.headers : without(request.headers, headersOf(tokens)))];
  let { path } = request;
  let claims: JwtClaims | undefined;
  for (const [{ place }, token] of tokens) {
    if (!rule.forwardOriginalToken && place.kind === 'param') path = withoutParam(path, place.name);
    addOutputs(headers, rule, token);
    claims = token.claims;
  }
  return { refusal: undefined, claims, headers, path };
}

function addOutputs(headers: string[], rule: JwtRule, { parsed }: VerifiedToken): void {
  if (rule.outputPayloadToHeader !== undefined) headers.push(rule.outputPayloadToHeader, parsed.encodedPayload);
  for (const { header, claim } of rule.outputClaimToHeaders) {
    const value = claimHeader(parsed.payload, claim);
    if (value !== undefined) headers.push(header, value);
  }
}

function headersOf(tokens: readonly (readonly [FoundToken, VerifiedToken])[]): ReadonlySet<string> {
  return new Set(tokens.filter(([{ place }]) => place.kind === 'header').map(([{ place }]) => place.name));
}

function without(headers: readonly string[], lowerNames: ReadonlySet<string>): readonly string[] {
  const isKept = (index: number): boolean => !lowerNames.has((headers[index] as string).toLowerCase());
  for (let i = 0; i < headers.length; i += 2) if (!isKept(i)) return headers.filter((_, at) => isKept(at - (at % 2)));
  return headers;
}

function isPreflight({ method, headers }: AuthenticationRequest): boolean {
  const has = (name: string): boolean =>
    headers.some((line, i) => i % 2 === 0 && line.toLowerCase() === name && headers[i + 1] !== '');
  return method === 'OPTIONS' && has('origin') && has('access-control-request-method');
}
