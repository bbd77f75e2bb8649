import { formatDuration } from '@lateen/core';
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
      reason.push(`${name} takes it: ${whyTaken(rule)}`, ...routeSteps(rule.route, request, clusters));
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

/** What the route does with the request, in the order in which it happens. */
function routeSteps(route: Route, request: RouteRequest, clusters: ReadonlyMap<string, ClusterSpec>): string[] {
  const { action, fault, rewrite, mirrors, timeoutMs } = route;
  const destinations = action.kind === 'forward' ? action.destinations : [];
  const target = rewrite?.path(request.path) ?? request.path;
  const steps: string[] = [];
  if (fault && fault.delayShare > 0)
    steps.push(`a fault delays ${percentOf(fault.delayShare)} by ${formatDuration(fault.delayMs)}`);
  if (fault && fault.abortShare > 0) steps.push(`a fault answers ${percentOf(fault.abortShare)} with ${fault.abortStatus}`);
  if (target !== request.path) steps.push(`its path becomes ${target}`);
  if (rewrite?.authority !== undefined) steps.push(`its host becomes ${rewrite.authority}`);
  steps.push(`it leads to ${actionText(action)}`);
  for (const { cluster } of destinations) {
    const status = route.unknownClusterStatus;
    if (!clusters.has(cluster)) steps.push(`${cluster} does not exist (host, port or subset unknown): ${status} NC`);
  }
  for (const { cluster, share } of mirrors) steps.push(`a copy of ${percentOf(share)} goes to ${cluster}`);
  if (timeoutMs > 0) steps.push(`its answer is waited for ${formatDuration(timeoutMs)}`);
  return steps;
}

/** `1.5 % of the requests`; `every request`. */
function percentOf(share: number): string {
  return share === 1 ? 'every request' : `${Math.round(share * 1e6) / 1e4} % of the requests`;
}
