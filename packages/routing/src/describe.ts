import { originText, type RuleOrigin } from '@lateen/core';
import type { CompiledRule } from './route-compiler.ts';
import type { RouteAction } from './route.ts';
import type { RouteDescription } from './route-table.ts';
import type { VirtualHost } from './virtual-host.ts';

export function describeHost(host: VirtualHost): RouteDescription[] {
  return host.rules.map((rule) => describeRule(host, rule));
}

function describeRule(host: VirtualHost, { block, route, matchIndex }: CompiledRule): RouteDescription {
  const { origin } = route;
  return {
    host: host.host,
    domains: [...host.names, ...host.shortNames],
    port: host.port,
    name: route.name,
    resource: origin ? `${origin.kind} ${origin.namespace}/${origin.name}` : 'default',
    file: origin?.file ?? '',
    line: origin?.line ?? 0,
    ruleIndex: route.ruleIndex,
    matchIndex,
    conditions: block.conditions.map((condition) => condition.text),
    action: actionText(route.action),
    timeoutMs: route.timeoutMs,
    maxRetries: route.retry.maxRetries,
  };
}

/** `90 % outbound|…, 10 % outbound|…`; one destination without its share. */
export function actionText(action: RouteAction): string {
  if (action.kind === 'redirect') return `redirect ${action.redirect.status}`;
  if (action.kind === 'respond') return `respond ${action.response.status}`;
  const { destinations, totalWeight } = action;
  if (destinations.length === 1) return destinations[0]?.cluster ?? '';
  const percent = (weight: number): string => String(Math.round((weight / totalWeight) * 10_000) / 100);
  return destinations.map(({ cluster, weight }) => `${percent(weight)} % ${cluster}`).join(', ');
}

/** `rule 2 of VirtualService default/reviews (mesh/reviews.yaml:31)`; people count from 1. */
export function ruleText(origin: RuleOrigin | undefined, ruleIndex: number): string {
  if (!origin) return 'the default route';
  const place = origin.file ? ` (${originText(origin)})` : '';
  return `rule ${ruleIndex + 1} of ${origin.kind} ${origin.namespace}/${origin.name}${place}`;
}
