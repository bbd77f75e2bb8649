import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { exportToRule } from '../shared/export-to.ts';
import { actionRule } from './action.ts';
import { authorityRule } from './authority.ts';
import { claimRule } from './claim.ts';
import { corsRule } from './cors.ts';
import { delegateRule } from './delegate.ts';
import { directResponseRule } from './direct-response.ts';
import type { HttpRoute, VirtualServiceDraft } from './drafts.ts';
import { faultRule } from './fault.ts';
import { gatewayNameRule } from './gateway-names.ts';
import { headerNameRule } from './header-names.ts';
import { hostRule } from './hosts.ts';
import { matchRule } from './match.ts';
import { mirrorRule } from './mirror.ts';
import { redirectRule } from './redirect.ts';
import { retryRule } from './retries.ts';
import { rewriteRule } from './rewrite.ts';
import { sniRule } from './sni.ts';
import { weightRule } from './weights.ts';

/** What Istio's validation says of a VirtualService beyond the schema, and what it had better said. */
export function virtualServiceRules(spec: VirtualServiceDraft, about: About, report: Report): void {
  exportToRule(spec.exportTo, about, report);
  hostRule(spec, report);
  gatewayNameRule(spec, report);
  delegateRule(spec, report);
  claimRule(spec, report);
  if (!spec.http?.length && !spec.tcp?.length && !spec.tls?.length)
    report.error('', 'http, tcp or tls must be provided in virtual service');
  for (const [route, at] of each(spec.http, '/http')) httpRules(route, at, report);
  for (const [route, at] of each(spec.tls, '/tls')) {
    sniRule(route, spec, at, report);
    weightRule(route.route, at, report);
  }
  for (const [route, at] of each(spec.tcp, '/tcp')) weightRule(route.route, at, report);
}

function httpRules(route: HttpRoute, at: string, report: Report): void {
  actionRule(route, at, report);
  matchRule(route, at, report);
  headerNameRule(route, at, report);
  authorityRule(route, at, report);
  redirectRule(route, at, report);
  rewriteRule(route, at, report);
  directResponseRule(route, at, report);
  faultRule(route, at, report);
  retryRule(route, at, report);
  mirrorRule(route, at, report);
  corsRule(route, at, report);
  weightRule(route.route, at, report);
}
