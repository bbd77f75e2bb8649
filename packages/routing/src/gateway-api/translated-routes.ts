import { type Resource, resourcesOfKind, type Revision } from '@lateen/resources';
import type { CompileInput } from '../compile-input.ts';
import type { HttpRuleSpec } from '../spec-types.ts';
import type { HttpRule, VisibleVirtualService } from '../virtual-services.ts';
import { SEEN } from '../visibility.ts';
import { listenersOf } from './gateways.ts';
import { gatewayParents, meshParents, type RouteResource } from './parents.ts';
import { byPrecedence } from './precedence.ts';
import { type TranslatedRule, translateRules } from './route-rules.ts';

/** All that several routes say of one host: the Gateway API orders their matches as if one had written them. */
interface HostRules {
  readonly host: string;
  readonly namespace: string;
  readonly gateways: Set<string>;
  readonly rules: TranslatedRule[];
}

interface Translation {
  /** What it was made from, to know when it still holds. */
  readonly sources: readonly Resource[];
  readonly atGateways: readonly VisibleVirtualService[];
  /** By the namespace whose callers they are for; `*` are everybody's. */
  readonly inMesh: ReadonlyMap<string, readonly VisibleVirtualService[]>;
}

const translations = new WeakMap<RouteResource, Translation>();

/**
 * The HTTPRoutes of a configuration as the VirtualServices that they are to Istio. As long as nothing of the Gateway API changes, the same
 * objects. Those for callers of one namespace (a route for a Service of another one) come before those for all.
 */
export function translatedRoutes({ revision, self }: CompileInput): readonly VisibleVirtualService[] {
  const routes = resourcesOfKind(revision, 'HTTPRoute').toSorted(byAge);
  const [first] = routes;
  if (!first) return [];
  const { atGateways, inMesh } = translation(first, routes, revision);
  return [...atGateways, ...(inMesh.get(self.namespace) ?? []), ...(inMesh.get('*') ?? [])];
}

function translation(first: RouteResource, routes: readonly RouteResource[], revision: Revision): Translation {
  const others = (['KubernetesGateway', 'ReferenceGrant', 'Namespace', 'ServiceEntry'] as const).flatMap(
    (kind): readonly Resource[] => resourcesOfKind(revision, kind),
  );
  const sources = [...routes, ...others];
  const known = translations.get(first);
  if (known?.sources.length === sources.length && known.sources.every((source, index) => source === sources[index])) return known;
  const made = { sources, atGateways: atGateways(routes, revision), inMesh: inMesh(routes, revision) };
  translations.set(first, made);
  return made;
}

function atGateways(routes: readonly RouteResource[], revision: Revision): readonly VisibleVirtualService[] {
  const listeners = listenersOf(revision);
  const hosts = new Map<string, HostRules>();
  for (const route of routes) {
    const rules = translateRules(route, revision);
    const answered = new Set<string>();
    for (const { listener, host } of gatewayParents(route, listeners, revision)) {
      const { namespace } = listener.gateway.metadata;
      const key = `${namespace}/${listener.gateway.metadata.name} ${listener.spec.port} ${host}`;
      const entry = hostRules(hosts, key, host, namespace);
      entry.gateways.add(listener.id);
      if (!answered.has(key)) entry.rules.push(...rules);
      answered.add(key);
    }
  }
  return [...hosts.values()].map(visible);
}

function inMesh(routes: readonly RouteResource[], revision: Revision): ReadonlyMap<string, readonly VisibleVirtualService[]> {
  const hosts = new Map<string, HostRules>();
  for (const route of routes) {
    const rules = translateRules(route, revision);
    for (const { host, namespace, port } of meshParents(route, revision)) {
      const scope = namespace === route.metadata.namespace ? '*' : route.metadata.namespace;
      const entry = hostRules(hosts, `${scope} ${host}`, host, scope);
      entry.gateways.add('mesh');
      entry.rules.push(...(port === undefined ? rules : rules.map((rule) => onPort(rule, port))));
    }
  }
  const byScope = new Map<string, VisibleVirtualService[]>();
  for (const rules of hosts.values()) byScope.set(rules.namespace, [...(byScope.get(rules.namespace) ?? []), visible(rules)]);
  return byScope;
}

function hostRules(hosts: Map<string, HostRules>, key: string, host: string, namespace: string): HostRules {
  const known = hosts.get(key) ?? { host, namespace, gateways: new Set(), rules: [] };
  hosts.set(key, known);
  return known;
}

function visible({ host, namespace, gateways, rules }: HostRules): VisibleVirtualService {
  return {
    namespace,
    hosts: [host],
    gateways,
    // A stable sort: of matches that are equal the older route's comes first, and within a route the one written first.
    rules: rules.toSorted((one, other) => byPrecedence(one.match, other.match)).map(httpRule),
    seen: SEEN.public,
  };
}

function httpRule({ spec, origin, index }: TranslatedRule): HttpRule {
  return { spec, origin, index, unknownClusterStatus: 500 };
}

function onPort(rule: TranslatedRule, port: number): TranslatedRule {
  const blocks: NonNullable<HttpRuleSpec['match']> = rule.spec.match?.length ? rule.spec.match : [{}];
  return { ...rule, spec: { ...rule.spec, match: blocks.map((block) => ({ ...block, port })) } };
}

/** The older route first, then by namespace and name; one that was never in a cluster is the oldest. */
function byAge(one: RouteResource, other: RouteResource): number {
  return (
    compareText(one.metadata.creationTimestamp ?? '', other.metadata.creationTimestamp ?? '') ||
    compareText(nameOf(one), nameOf(other))
  );
}

function nameOf({ metadata }: RouteResource): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
