import type { VirtualServiceSpec } from '../kinds/virtual-service.ts';
import type { Report } from './spec-rules.ts';

type HttpRoute = NonNullable<VirtualServiceSpec['http']>[number];

/** What Istio's validation says beyond the schema. */
export function virtualServiceRules(spec: VirtualServiceSpec, report: Report): void {
  const forMesh = !spec.gateways || spec.gateways.includes('mesh');
  spec.hosts.forEach((name, index) => {
    if (name === '*' && forMesh)
      report(`/hosts/${index}`, 'wildcard host * is not allowed for virtual services bound to the mesh gateway');
  });
  if (!spec.http || spec.http.length === 0) report('', 'http, tcp or tls must be provided in virtual service');
  spec.http?.forEach((route, index) => httpRouteRules(route, `/http/${index}`, report));
}

function httpRouteRules(route: HttpRoute, at: string, report: Report): void {
  const actions = [route.route, route.redirect, route.directResponse].filter((action) => action !== undefined);
  if (actions.length === 0) report(at, 'HTTP route, redirect or direct_response is required');
  if (actions.length > 1) report(at, 'HTTP route cannot contain more than one of route, redirect and directResponse');
  if (route.redirect && route.rewrite) report(`${at}/rewrite`, 'HTTP route rule cannot contain both rewrite and redirect');
  if (route.redirect?.uri !== undefined && route.redirect.prefixRewrite !== undefined)
    report(`${at}/redirect`, 'redirect must have either uri or prefixRewrite, not both');
  if (route.redirect?.port !== undefined && route.redirect.derivePort !== undefined)
    report(`${at}/redirect`, 'redirect must have either port or derivePort, not both');
  if (route.rewrite && !route.rewrite.uri && !route.rewrite.authority && !route.rewrite.uriRegexRewrite)
    report(`${at}/rewrite`, 'rewrite must specify at least one of uri, uriRegexRewrite and authority');
  if (route.rewrite?.uri && route.rewrite.uriRegexRewrite)
    report(`${at}/rewrite`, 'rewrite must have either uri or uriRegexRewrite, not both');
  if (route.mirror && route.mirrors) report(`${at}/mirrors`, 'HTTP route rule cannot have both mirror and mirrors');
  if (route.mirrorPercentage && !route.mirror) report(`${at}/mirrorPercentage`, 'mirrorPercentage needs a mirror');
  weightRules(route, at, report);
  retryRules(route, at, report);
  if (route.fault && !route.fault.delay && !route.fault.abort)
    report(`${at}/fault`, 'HTTP fault injection must have an abort and/or a delay');
  route.match?.forEach((match, index) => {
    if (match.ignoreUriCase && match.uri && 'regex' in match.uri)
      report(`${at}/match/${index}`, 'ignoreUriCase works with exact and prefix only');
  });
}

function weightRules({ route }: HttpRoute, at: string, report: Report): void {
  if (!route || route.length < 2) return;
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) report(`${at}/route`, 'total destination weight = 0');
}

function retryRules({ retries }: HttpRoute, at: string, report: Report): void {
  if (!retries || (retries.attempts ?? 0) > 0) return;
  if (retries.retryOn !== undefined || retries.perTryTimeout !== undefined || retries.backoff !== undefined) {
    report(`${at}/retries`, 'http retry policy configured when attempts are set to 0 (disabled)');
  }
}
