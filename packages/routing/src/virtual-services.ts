import type { RuleOrigin } from '@lateen/core';
import { originOf, resourcesOfKind, type Resource, type VirtualServiceSpec } from '@lateen/resources';
import type { CompileInput } from './compile-input.ts';
import { byCreation } from './creation-order.ts';
import { mergeDelegateRule } from './delegates.ts';
import { translatedRoutes } from './gateway-api/translated-routes.ts';
import { resolveHost } from './host-names.ts';
import { qualifiedGateway, withFullNames } from './rule-hosts.ts';
import type { HttpRuleSpec } from './spec-types.ts';
import { SEEN, seenFrom, type Seen } from './visibility.ts';

export type VirtualServiceResource = Resource<'VirtualService', VirtualServiceSpec>;

/** One http rule, its names completed, with the place it was written at: a delegate's rules are still the delegate's. */
export interface HttpRule {
  readonly spec: HttpRuleSpec;
  readonly origin: RuleOrigin;
  /** Position in the `http` of its resource. */
  readonly index: number;
  /** Set by the Gateway API's routes. */
  readonly unknownClusterStatus?: 500;
}

/** A VirtualService with hosts that the caller sees, its names completed and its delegates put in their place. */
export interface VisibleVirtualService {
  readonly namespace: string;
  readonly hosts: readonly string[];
  /** `mesh`, `default/bookinfo-gateway`. */
  readonly gateways: ReadonlySet<string>;
  readonly rules: readonly HttpRule[];
  readonly seen: Seen;
}

/** What was made of a resource last time; it holds as long as it and its delegates are the same objects. */
interface Known {
  /** By rule; empty when none has one. */
  readonly delegates: readonly (VirtualServiceResource | undefined)[];
  readonly visible: VisibleVirtualService;
}

export type KnownVirtualServices = WeakMap<VirtualServiceResource, Known>;

/**
 * In the order in which they count: the caller's own private ones, those exported to it by name, all others; among these the oldest. After
 * them what HTTPRoutes make.
 */
export function visibleVirtualServices(input: CompileInput, known: KnownVirtualServices): readonly VisibleVirtualService[] {
  const { namespace } = input.self;
  const otherwise = input.meshConfig?.defaultVirtualServiceExportTo;
  const all = byCreation(resourcesOfKind(input.revision, 'VirtualService'));
  const delegates = new Map(all.filter(isDelegate).map((resource) => [nameOf(resource), resource]));
  const own: VisibleVirtualService[] = [];
  for (const resource of all) {
    if (isDelegate(resource)) continue;
    const seen = seenFrom(resource.spec.exportTo, resource.metadata.namespace, namespace, otherwise);
    if (seen !== SEEN.hidden) own.push(visible(resource, seen, delegates, otherwise, known));
  }
  return [...own.sort((a, b) => a.seen - b.seen), ...translatedRoutes(input)];
}

function visible(
  resource: VirtualServiceResource,
  seen: Seen,
  delegates: ReadonlyMap<string, VirtualServiceResource>,
  otherwise: readonly string[] | undefined,
  known: KnownVirtualServices,
): VisibleVirtualService {
  const { metadata, spec } = resource;
  const before = known.get(resource);
  if (before?.delegates.length === 0) return before.visible;
  const wanted = (spec.http ?? []).map((rule) => delegateOf(rule, metadata.namespace, delegates, otherwise));
  if (before && before.delegates.every((delegate, index) => delegate === wanted[index])) return before.visible;
  const gateways = spec.gateways?.length ? spec.gateways : ['mesh'];
  const made: VisibleVirtualService = {
    namespace: metadata.namespace,
    hosts: (spec.hosts ?? []).map((host) => resolveHost(host, metadata.namespace)),
    gateways: new Set(gateways.map((name) => qualifiedGateway(name, metadata.namespace))),
    rules: (spec.http ?? []).flatMap((_rule, index) => mergedRules(ruleOf(resource, index), wanted[index])),
    seen,
  };
  known.set(resource, { delegates: spec.http?.some(({ delegate }) => delegate) ? wanted : [], visible: made });
  return made;
}

/** One rule as it is, or those of its delegate; none where that is missing, has hosts of its own, or is not exported here. */
function mergedRules(root: HttpRule, delegate: VirtualServiceResource | undefined): HttpRule[] {
  if (!root.spec.delegate) return [root];
  return (delegate?.spec.http ?? []).flatMap((_rule, index) => {
    const rule = ruleOf(delegate as VirtualServiceResource, index);
    const spec = mergeDelegateRule(root.spec, rule.spec);
    return spec ? [{ ...rule, spec }] : [];
  });
}

function ruleOf(resource: VirtualServiceResource, index: number): HttpRule {
  const spec = withFullNames(resource.spec.http?.[index] as HttpRuleSpec, resource.metadata.namespace);
  return { spec, origin: originOf(resource, `/spec/http/${index}`), index };
}

function delegateOf(
  { delegate }: HttpRuleSpec,
  rootNamespace: string,
  delegates: ReadonlyMap<string, VirtualServiceResource>,
  otherwise: readonly string[] | undefined,
): VirtualServiceResource | undefined {
  if (!delegate) return undefined;
  const found = delegates.get(`${delegate.namespace || rootNamespace}/${delegate.name ?? ''}`);
  if (!found) return undefined;
  const seen = seenFrom(found.spec.exportTo, found.metadata.namespace, rootNamespace, otherwise);
  return seen === SEEN.hidden ? undefined : found;
}

function isDelegate({ spec }: VirtualServiceResource): boolean {
  return !spec.hosts?.length;
}

function nameOf({ metadata }: VirtualServiceResource): string {
  return `${metadata.namespace}/${metadata.name}`;
}
