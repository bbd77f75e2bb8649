import { resolveHost } from './host-names.ts';
import type { DestinationSpec, HttpRuleSpec, MatchBlockSpec } from './spec-types.ts';

/** A rule with every host and gateway that it names completed by its own namespace, so that it can be merged into another namespace's. */
export function withFullNames(spec: HttpRuleSpec, namespace: string): HttpRuleSpec {
  const complete = <T extends { readonly destination: DestinationSpec }>(entry: T): T => ({
    ...entry,
    destination: fullDestination(entry.destination, namespace),
  });
  return {
    ...spec,
    ...(spec.match && { match: spec.match.map((block) => fullMatch(block, namespace)) }),
    ...(spec.route && { route: spec.route.map(complete) }),
    ...(spec.mirror && { mirror: fullDestination(spec.mirror, namespace) }),
    ...(spec.mirrors && { mirrors: spec.mirrors.map(complete) }),
  };
}

/** `edge` → `default/edge`; `mesh` stays. Istio's older form, `edge.infra` or `edge.infra.svc.cluster.local`, is `infra/edge`. */
export function qualifiedGateway(name: string, namespace: string): string {
  if (name === 'mesh') return name;
  if (name.startsWith('./')) return `${namespace}${name.slice(1)}`;
  if (name.includes('/')) return name;
  const [gateway, own] = name.split('.');
  return own ? `${own}/${gateway}` : `${namespace}/${name}`;
}

function fullDestination(destination: DestinationSpec, namespace: string): DestinationSpec {
  return { ...destination, host: resolveHost(destination.host, namespace) };
}

function fullMatch(block: MatchBlockSpec, namespace: string): MatchBlockSpec {
  if (!block.gateways) return block;
  return { ...block, gateways: block.gateways.map((name) => qualifiedGateway(name, namespace)) };
}
