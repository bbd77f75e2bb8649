import type { ServiceDescription } from '@lateen/discovery';
import { originOf, resourcesOfKind, type DestinationRuleSpec, type Resource } from '@lateen/resources';
import type { RuleOrigin } from '@lateen/core';
import type { CompileInput } from './compile-input.ts';
import { HostMap, isExported, resolveHost } from './host-names.ts';
import type { TrafficPolicySpec } from './spec-types.ts';

/** Istio's root namespace: its DestinationRules apply where neither caller nor service has one. */
const ROOT_NAMESPACE = 'istio-system';

/** A subset with the place it stands at. */
export interface SubsetRule {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly trafficPolicy: TrafficPolicySpec | undefined;
  readonly origin: RuleOrigin;
}

/** The DestinationRules of one namespace for one host as if they were one. */
export interface MergedDestinationRule {
  readonly trafficPolicy: TrafficPolicySpec | undefined;
  readonly subsets: readonly SubsetRule[];
  readonly origin: RuleOrigin;
}

type RuleResource = Resource<'DestinationRule', DestinationRuleSpec>;

/**
 * Finds the DestinationRule for a service: the caller's namespace first, then the service's, then the root namespace; within
 * one an exact host before the longest wildcard. The first namespace that has one hides the others whole.
 */
export class DestinationRules {
  readonly #selfNamespace: string;
  readonly #byNamespace = new Map<string, HostMap<MergedDestinationRule>>();

  constructor({ revision, self }: CompileInput) {
    this.#selfNamespace = self.namespace;
    const grouped = new Map<string, RuleResource[]>();
    for (const rule of resourcesOfKind(revision, 'DestinationRule')) {
      const { namespace } = rule.metadata;
      // What a namespace keeps to itself or exports elsewhere still holds for callers in it.
      if (namespace !== self.namespace && !isExported(rule.spec.exportTo, namespace, self.namespace)) continue;
      if (!selects(rule.spec.workloadSelector?.matchLabels, self.labels)) continue;
      const key = `${namespace}/${resolveHost(rule.spec.host, namespace)}`;
      grouped.set(key, [...(grouped.get(key) ?? []), rule]);
    }
    for (const [key, rules] of grouped) this.#add(key, rules);
  }

  find(service: ServiceDescription): MergedDestinationRule | undefined {
    for (const namespace of [this.#selfNamespace, service.namespace, ROOT_NAMESPACE]) {
      const rule = this.#byNamespace.get(namespace)?.findHost(service.host);
      if (rule) return rule;
    }
    return undefined;
  }

  #add(key: string, rules: readonly RuleResource[]): void {
    const slash = key.indexOf('/');
    const namespace = key.slice(0, slash);
    const hosts = this.#byNamespace.get(namespace) ?? new HostMap<MergedDestinationRule>();
    this.#byNamespace.set(namespace, hosts);
    hosts.add(key.slice(slash + 1), merge(rules));
  }
}

function selects(wanted: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted ?? {}).every(([label, value]) => labels[label] === value);
}

/** By name: the first policy wins, subsets are strung together, of two with one name the first stays. */
function merge(rules: readonly RuleResource[]): MergedDestinationRule {
  const ordered = [...rules].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const withPolicy = ordered.find((rule) => rule.spec.trafficPolicy) ?? (ordered[0] as RuleResource);
  const subsets = new Map<string, SubsetRule>();
  for (const rule of ordered) {
    for (const [index, subset] of (rule.spec.subsets ?? []).entries()) {
      if (subsets.has(subset.name)) continue;
      subsets.set(subset.name, {
        name: subset.name,
        labels: subset.labels ?? {},
        trafficPolicy: subset.trafficPolicy,
        origin: originOf(rule, `/spec/subsets/${index}`),
      });
    }
  }
  return { trafficPolicy: withPolicy.spec.trafficPolicy, subsets: [...subsets.values()], origin: withPolicy.origin };
}
