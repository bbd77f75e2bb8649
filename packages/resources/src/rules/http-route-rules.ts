import type { VirtualServiceSpec } from '../kinds/virtual-service.ts';
import type { Report } from './spec-rules.ts';

type HttpRoute = NonNullable<VirtualServiceSpec['http']>[number];
type HttpMatch = NonNullable<HttpRoute['match']>[number];

/** What Istio's validation says of one rule beyond the schema. */
export function httpRouteRules(route: HttpRoute, at: string, report: Report): void {
  actionRules(route, at, report);
  redirectRules(route, `${at}/redirect`, report);
  rewriteRules(route, `${at}/rewrite`, report);
  authorityRules(route, at, report);
  mirrorRules(route, at, report);
  weightRules(route, at, report);
  retryRules(route, at, report);
  if (route.fault && !route.fault.delay && !route.fault.abort)
    report.error(`${at}/fault`, 'HTTP fault injection must have an abort and/or a delay');
  route.match?.forEach((match, index) => matchRules(match, `${at}/match/${index}`, report));
}

function actionRules(route: HttpRoute, at: string, report: Report): void {
  const actions = [route.route, route.redirect, route.directResponse].filter((action) => action !== undefined);
  if (actions.length === 0) report.error(at, 'HTTP route, redirect or direct_response is required');
  if (actions.length > 1) report.error(at, 'HTTP route cannot contain more than one of route, redirect and directResponse');
}

function redirectRules({ redirect }: HttpRoute, at: string, report: Report): void {
  if (redirect?.uri !== undefined && redirect.prefixRewrite !== undefined)
    report.error(at, 'redirect may only specify one of uri or prefixRewrite');
  if (redirect?.port !== undefined && redirect.derivePort !== undefined)
    report.error(at, 'redirect may only specify one of port or derivePort');
}

function rewriteRules({ rewrite, redirect, directResponse }: HttpRoute, at: string, report: Report): void {
  if (!rewrite) return;
  if (redirect) report.error(at, 'HTTP route rule cannot contain both rewrite and redirect');
  if (directResponse) report.error(at, 'HTTP route rule cannot contain both rewrite and direct_response');
  if (!rewrite.uri && !rewrite.authority && !rewrite.uriRegexRewrite)
    report.error(at, 'rewrite must specify at least one of uri, uriRegexRewrite and authority');
  if (rewrite.uri && rewrite.uriRegexRewrite) report.error(at, 'rewrite may only contain one of uri or uriRegexRewrite');
}

/** A rule has one word on the host: the rewrite, its own headers, or those of a destination. */
function authorityRules(route: HttpRoute, at: string, report: Report): void {
  let first = route.rewrite?.authority;
  const claim = (set: Readonly<Record<string, string>> | undefined, pointer: string): void => {
    for (const [name, value] of Object.entries(set ?? {})) {
      if (!/^(?:host|:authority)$/i.test(name)) continue;
      if (first !== undefined)
        report.error(pointer, `authority header cannot be set multiple times: have "${first}", attempting to set "${value}"`);
      first ??= value;
    }
  };
  claim(route.headers?.request?.set, `${at}/headers/request/set`);
  const own = first;
  route.route?.forEach(({ headers }, index) => {
    first = own; // each destination only meets the rule's own word
    claim(headers?.request?.set, `${at}/route/${index}/headers/request/set`);
  });
}

function mirrorRules(route: HttpRoute, at: string, report: Report): void {
  if (route.mirror && route.mirrors) report.error(`${at}/mirrors`, 'HTTP route cannot contain both mirror and mirrors');
  if (route.mirrorPercentage && !route.mirror)
    report.warning(`${at}/mirrorPercentage`, 'mirrorPercentage without mirror has no effect');
}

function weightRules({ route }: HttpRoute, at: string, report: Report): void {
  if (!route || route.length < 2) return;
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) report.error(`${at}/route`, 'total destination weight = 0');
}

function retryRules({ retries }: HttpRoute, at: string, report: Report): void {
  if (!retries || (retries.attempts ?? 0) > 0) return;
  if (retries.retryOn !== undefined || retries.perTryTimeout !== undefined || retries.backoff !== undefined)
    report.error(`${at}/retries`, 'http retry policy configured when attempts are set to 0 (disabled)');
}

/** Matches that are valid and can never be true, or not as they look. */
function matchRules({ uri, method, ignoreUriCase }: HttpMatch, at: string, report: Report): void {
  if (ignoreUriCase && uri?.regex !== undefined)
    report.warning(`${at}/ignoreUriCase`, 'ignoreUriCase has no effect on a regular expression; write (?i) in it');
  const path = uri?.exact ?? uri?.prefix;
  if (path !== undefined && path !== '*' && !path.startsWith('/'))
    report.warning(`${at}/uri`, `a path always begins with a slash, so ${JSON.stringify(path)} never matches`);
  if (method?.exact !== undefined && method.exact !== method.exact.toUpperCase())
    report.warning(`${at}/method`, `methods are case-sensitive: ${method.exact} never matches ${method.exact.toUpperCase()}`);
}
