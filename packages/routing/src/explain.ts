import type { ClusterSpec } from './cluster-spec.ts';
import { actionText, ruleText } from './describe.ts';
import { endOfPath, requestScheme } from './request-conditions.ts';
import type { CompiledRule } from './route-compiler.ts';
import type { Match, Route, RouteRequest } from './route.ts';
import type { MatchExplanation } from './route-table.ts';
import { ruleTakes } from './rule-index.ts';
import type { VirtualHost } from './virtual-host.ts';

/** Goes the way of a match step by step and says what it sees. */
export function explainMatch(
  request: RouteRequest,
  host: VirtualHost | undefined,
  unknownHost: Match,
  clusters: ReadonlyMap<string, ClusterSpec>,
  whyUnknown: (request: RouteRequest) => string | undefined,
): MatchExplanation {
  if (!host) {
    const why = whyUnknown(request);
    return { match: unknownHost, reason: [...(why ? [why] : []), unknownHostText(request, unknownHost)] };
  }
  const reason = [`${request.authority} on port ${host.port} is ${host.host}`];
  for (const { origin, ruleIndex, reason: why } of host.skipped) {
    reason.push(`${ruleText(origin, ruleIndex)} does not count here: ${why}`);
  }
  if (host.tlsRedirect && requestScheme(request) !== 'https') {
    return { match: host.tlsRedirect, reason: [...reason, 'the Gateway wants TLS (httpsRedirect): 301'] };
  }
  const pathEnd = endOfPath(request.path);
  for (const rule of host.rules) {
    const name = ruleText(rule.route.origin, rule.route.ruleIndex);
    if (ruleTakes(rule, request, pathEnd)) {
      reason.push(`${name} takes it: ${whyTaken(rule)}`, ...routeSteps(rule.route, clusters));
      return { match: rule.match, reason };
    }
    reason.push(`${name} is passed over: not ${firstMissing(rule, request, pathEnd)}`);
  }
  reason.push('no rule takes it: 404 NR');
  return { match: host.noRoute, reason };
}

function unknownHostText({ authority, port }: RouteRequest, match: Match): string {
  if (match.kind === 'passthrough')
    return `nobody configured ${authority} on port ${port}: it is sent there untouched (ALLOW_ANY)`;
  if (match.kind === 'refused') return `nobody configured ${authority} on port ${port}, and the policy is REGISTRY_ONLY: 502`;
  return `no Gateway and VirtualService serve ${authority} on port ${port}: 404 NR`;
}

function whyTaken({ block }: CompiledRule): string {
  return block.conditions.length === 0 ? 'it takes every request' : block.conditions.map(({ text }) => text).join(' and ');
}

function firstMissing({ block }: CompiledRule, request: RouteRequest, pathEnd: number): string {
  return block.conditions.find((condition) => !condition.holds(request, pathEnd))?.text ?? '';
}

function routeSteps(route: Route, clusters: ReadonlyMap<string, ClusterSpec>): string[] {
  const steps = [`it leads to ${actionText(route.action)}`];
  const destinations = route.action.kind === 'forward' ? route.action.destinations : [];
  for (const { cluster } of destinations) {
    if (!clusters.has(cluster)) steps.push(`${cluster} does not exist (host, port or subset unknown): 503 NC`);
  }
  return steps;
}
