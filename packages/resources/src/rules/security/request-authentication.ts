import type { Draft } from '../../analysis/draft.ts';
import type { RequestAuthenticationSpec } from '../../kinds/index.ts';
import { POINTLESS_TWIN } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { policyTargetsRule } from '../shared/policy-targets.ts';
import { jwksRule } from './jwks.ts';

/** What Istio's validation says of a RequestAuthentication beyond the schema, and what it had better said. */
export function requestAuthenticationRules(spec: Draft<RequestAuthenticationSpec>, _about: About, report: Report): void {
  policyTargetsRule(spec, report);
  const issuers = new Set<string>();
  for (const [rule, at] of each(spec.jwtRules, '/jwtRules')) {
    const { issuer = '', jwks } = rule;
    const jwksUri = rule.jwksUri ?? rule.jwks_uri;
    if (issuer === '' && !jwksUri) report.error(at, 'issuer or jwksUri must be non-empty string', 'write issuer');
    if (jwks !== undefined && jwksUri !== undefined) report.error(at, 'only one of jwks or jwksUri can be set');
    if (jwks) jwksRule(jwks, `${at}/jwks`, report);
    if (issuer && issuers.has(issuer))
      report.own(POINTLESS_TWIN, at, `two rules trust ${issuer}: a token need satisfy only one`, 'make them one rule');
    issuers.add(issuer);
  }
}
