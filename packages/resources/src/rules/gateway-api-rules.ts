import type { GatewayApiFilter } from '../kinds/gateway-api-filters.ts';
import type { HttpRouteSpec, KubernetesGatewaySpec } from '../kinds/gateway-api.ts';
import { re2Library } from '../libraries.ts';
import type { Report } from './spec-rules.ts';

type RouteRule = NonNullable<HttpRouteSpec['rules']>[number];
type RouteMatch = NonNullable<RouteRule['matches']>[number];

/** What the Gateway API asks of a Gateway beyond the schema. */
export function kubernetesGatewayRules({ listeners = [] }: Partial<KubernetesGatewaySpec>, report: Report): void {
  uniqueNames(listeners, '/listeners', report);
  listeners.forEach(({ port, hostname, protocol, tls }, index) => {
    if (protocol === 'HTTPS' && !tls?.certificateRefs?.length)
      report.error(`/listeners/${index}`, 'an HTTPS listener needs tls.certificateRefs');
    if (protocol === 'HTTP' && tls) report.error(`/listeners/${index}/tls`, 'an HTTP listener has no tls');

    const twin = listeners.findIndex((other) => other.port === port && other.hostname === hostname);
    if (twin < index) report.error(`/listeners/${index}`, `listener ${twin + 1} has the same port and hostname already`);
  });
}

/** What the Gateway API asks of an HTTPRoute beyond the schema. */
export function httpRouteSpecRules({ rules = [] }: HttpRouteSpec, report: Report): void {
  uniqueNames(rules, '/rules', report);
  rules.forEach((rule, index) => routeRule(rule, `/rules/${index}`, report));
}

function routeRule(rule: RouteRule, at: string, report: Report): void {
  const { matches = [], filters = [], backendRefs = [], timeouts } = rule;
  matches.forEach((match, index) => routeMatch(match, `${at}/matches/${index}`, report));
  filterRules(filters, `${at}/filters`, report);
  backendRefs.forEach((backend, index) => {
    const where = `${at}/backendRefs/${index}`;
    filterRules(backend.filters ?? [], `${where}/filters`, report);
    if (backend.port === undefined && (backend.kind ?? 'Service') === 'Service') report.error(where, 'port is missing');
  });
  if (filters.some(({ type }) => type === 'RequestRedirect') && backendRefs.length > 0)
    report.error(`${at}/backendRefs`, 'a rule with RequestRedirect sends nothing on; remove the backends');
  if (timeouts?.request && timeouts.backendRequest && isLonger(timeouts.backendRequest, timeouts.request))
    report.error(`${at}/timeouts/backendRequest`, 'backendRequest may not be longer than request');
  if (replacesPrefix(filters) && !matches.every(isByPrefix))
    report.error(`${at}/filters`, 'ReplacePrefixMatch needs matches by PathPrefix');
}

function routeMatch({ path, headers = [], queryParams = [] }: RouteMatch, at: string, report: Report): void {
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  if (type === 'RegularExpression') regexRule(value, `${at}/path/value`, report);
  else if (!value.startsWith('/')) report.error(`${at}/path/value`, 'a path begins with /');
  else if (/\/\/|\/\.{1,2}(?:\/|$)|%2[fF]|#/.test(value))
    report.error(`${at}/path/value`, 'a path holds no //, /./, /../, %2F and #: requests are compared in normal form');
  for (const [field, list] of [
    ['headers', headers],
    ['queryParams', queryParams],
  ] as const) {
    const names = list.map(({ name = '' }: { readonly name?: string }) => (field === 'headers' ? name.toLowerCase() : name));
    list.forEach((match, index) => {
      const where = `${at}/${field}/${index}`;
      if (match.type === 'RegularExpression') regexRule(match.value ?? '', `${where}/value`, report);
      if (names.indexOf(names[index] as string) < index) report.error(`${where}/name`, `${match.name} is matched twice`);
    });
  }
}

function regexRule(text: string, at: string, report: Report): void {
  try {
    re2Library().RE2JS.compile(text);
  } catch (error) {
    report.error(at, `${JSON.stringify(text)} is no regular expression of RE2: ${(error as Error).message}`);
  }
}

/** By type, the field that says more; a filter has its own and no other. */
const FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  RequestMirror: 'requestMirror',
  CORS: 'cors',
} as const satisfies Record<GatewayApiFilter['type'], keyof GatewayApiFilter>;

function filterRules(filters: readonly GatewayApiFilter[], at: string, report: Report): void {
  filters.forEach((filter, index) => {
    const { type } = filter;
    for (const [other, field] of Object.entries(FIELDS)) {
      if (other === type && !filter[field]) report.error(`${at}/${index}`, `${field} is missing`);
      if (other !== type && filter[field]) report.error(`${at}/${index}/${field}`, `${field} does not go with type ${type}`);
    }
    const earlier = filters.slice(0, index).map((before) => before.type);
    if (type !== 'RequestMirror' && earlier.includes(type)) report.error(`${at}/${index}`, `${type} is written twice`);
    const { path } = filter.requestRedirect ?? filter.urlRewrite ?? {};
    if (path?.type === 'ReplaceFullPath' && path.replaceFullPath === undefined)
      report.error(`${at}/${index}`, 'replaceFullPath is missing');
    if (path?.type === 'ReplacePrefixMatch' && path.replacePrefixMatch === undefined)
      report.error(`${at}/${index}`, 'replacePrefixMatch is missing');
    const { percent, fraction } = filter.requestMirror ?? {};
    if (percent !== undefined && fraction) report.error(`${at}/${index}`, 'write percent or fraction, not both');
  });
  const types = filters.map(({ type }) => type);
  if (types.includes('RequestRedirect') && types.includes('URLRewrite'))
    report.error(at, 'RequestRedirect and URLRewrite do not go together');
}

function replacesPrefix(filters: readonly GatewayApiFilter[]): boolean {
  return filters.some(({ requestRedirect, urlRewrite }) => (requestRedirect ?? urlRewrite)?.path?.type === 'ReplacePrefixMatch');
}

const isByPrefix = ({ path }: RouteMatch): boolean => (path?.type ?? 'PathPrefix') === 'PathPrefix';

function uniqueNames(parts: readonly { readonly name?: string }[], at: string, report: Report): void {
  parts.forEach(({ name }, index) => {
    if (name !== undefined && parts.findIndex((part) => part.name === name) < index)
      report.error(`${at}/${index}/name`, `the name ${name} is used twice`);
  });
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

function isLonger(one: string, other: string): boolean {
  return milliseconds(other) > 0 && milliseconds(one) > milliseconds(other);
}

function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS], 0);
}
