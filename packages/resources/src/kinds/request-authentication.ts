import type { Static } from 'typebox';
import { duration, nonEmptyText, policyTargets } from '../schema/fields.ts';
import { array, boolean, object, optional, string } from '../schema/json-schema.ts';

const jwtRule = () =>
  object({
    issuer: optional(nonEmptyText()),
    audiences: optional(array(nonEmptyText())),
    jwksUri: optional(string({ format: 'http-url' })),
    jwks_uri: optional(string({ format: 'http-url' })),
    jwks: optional(string()),
    fromHeaders: optional(array(object({ name: nonEmptyText(), prefix: optional(string()) }))),
    fromParams: optional(array(nonEmptyText())),
    fromCookies: optional(array(nonEmptyText())),
    outputPayloadToHeader: optional(string()),
    forwardOriginalToken: optional(boolean()),
    outputClaimToHeaders: optional(array(object({ header: string({ format: 'plain-header' }), claim: nonEmptyText() }))),
    timeout: optional(duration()),
    spaceDelimitedClaims: optional(array(nonEmptyText(), { maxItems: 64 })),
  });

/** Which tokens a workload believes. */
export const requestAuthenticationSchema = object({
  ...policyTargets(),
  jwtRules: optional(array(jwtRule(), { maxItems: 4_096 })),
});

export type RequestAuthenticationSpec = Static<typeof requestAuthenticationSchema>;
