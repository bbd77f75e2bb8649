import type { Clock } from '@lateen/core';
import type { Revision } from '@lateen/resources';
import type { JwksStore } from './jwt/jwks-store.ts';
import { jwtRulesFor } from './jwt/jwt-rule.ts';
import { JWT_STATUS } from './jwt/jwt-status.ts';
import { RequestAuthenticator } from './jwt/request-authenticator.ts';
import { TokenVerifier } from './jwt/token-verifier.ts';
import type { PolicyWorkload } from './workload.ts';

export interface AuthenticationSettings {
  readonly clock: Clock;
  /** One for each workload: it keeps what was fetched from revision to revision, and drops what the last one doesn't name. */
  readonly keys: JwksStore;
  /** Whether the answer to a token whose keys can't be fetched says so, as with Istio's `PILOT_JWT_ENABLE_REMOTE_JWKS`. Default false. */
  readonly tellsFetchFailure?: boolean;
  /** A longer token is refused unread. Default 60 KiB, what Envoy takes in headers altogether. */
  readonly maxTokenBytes?: number;
}

const DEFAULT_MAX_TOKEN_BYTES = 60 * 1024;

/** Compiles what a revision's RequestAuthentications mean for one workload, and begins to fetch the keys they name. */
export function compileRequestAuthentication(
  revision: Revision,
  workload: PolicyWorkload,
  { clock, keys, tellsFetchFailure = false, maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES }: AuthenticationSettings,
): RequestAuthenticator {
  const rules = jwtRulesFor(revision, workload);
  keys.retain(rules);
  const unavailable = tellsFetchFailure ? JWT_STATUS.fetchFailed : JWT_STATUS.verification;
  return new RequestAuthenticator(
    rules.map((rule) => ({
      rule,
      verifier: new TokenVerifier(rule, keys.keysOf(rule), { clock, unavailable, maxTokenBytes }),
    })),
  );
}
