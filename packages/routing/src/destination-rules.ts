import type { RuleOrigin } from '@lateen/core';
import type { ServiceDescription } from '@lateen/discovery';
import { originOf, type DestinationRuleSpec, type Resource } from '@lateen/resources';
import type { CompileInput } from './compile-input.ts';
import { rootNamespaceOf } from './mesh-config.ts';
import { sameItems } from './same-items.ts';
import { HostMap, resolveHost } from './host-names.ts';
import type { TrafficPolicySpec } from './spec-types.ts';

/** A subset with the place it stands at. */
export interface SubsetRule {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly trafficPolicy: TrafficPolicySpec | undefined;
  readonly origin: RuleOrigin;
}

/** DestinationRules of one namespace for one host that count as one. */
export interface MergedDestinationRule {
  readonly trafficPolicy: TrafficPolicySpec | undefined;
  readonly subsets: readonly SubsetRule[];
  readonly origin: RuleOrigin;
  /** Workloads it is for; undefined = all. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  /** Sorted; empty = everybody. */
  readonly exportTo: readonly string[];
}

export type RuleResource = Resource<'DestinationRule', DestinationRuleSpec>;

/** What was merged last time, by index, namespace and host: rules that are the same objects give the same object again. */
export type MergedRules = Map<
  string,
  { readonly rules: readonly RuleResource[]; readonly merged: readonly MergedDestinationRule[] }
>;

/**
 * Finds the DestinationRule for a service: the caller's namespace first, then the service's, then the root namespace; within
 * one an exact host before the longest wildcard. The first namespace that has rules for the host hides the others, also when
 * none of its rules selects the caller. For callers in the root namespace only what that keeps to itself comes first.
 */
export class DestinationRules {
  readonly #self: CompileInput['self'];
  readonly #rootNamespace: string;
  readonly #own: HostMap<readonly MergedDestinationRule[]>;
  readonly #exported = new Map<string, HostMap<readonly MergedDestinationRule[]>>();
  readonly resources: readonly RuleResource[];
  /** For the next compilation. */
  readonly merged: MergedRules = new Map();

  /** @param resources all there are, in the order in which they count */
  constructor(resources: readonly RuleResource[], input: CompileInput, before: MergedRules = new Map()) {
    this.resources = resources;
    this.#self = input.self;
    this.#rootNamespace = rootNamespaceOf(input.meshConfig);
    const own = new Map<string, RuleResource[]>();
    const exported = new Map<string, Map<string, RuleResource[]>>();
    for (const rule of resources) {
      const { namespace } = rule.metadata;
      const host = resolveHost(rule.spec.host, namespace);
      const targets = exportTargets(rule);
      const keptToItself = isKeptToItself(targets, namespace, input.meshConfig?.defaultDestinationRuleExportTo);
      if (namespace === this.#self.namespace && this.#holdsAtHome(targets, namespace, keptToItself)) append(own, host, rule);
      if (keptToItself) continue;
      const hosts = exported.get(namespace) ?? new Map<string, RuleResource[]>();
      exported.set(namespace, hosts);
      append(hosts, host, rule);
    }
    this.#own = this.#hostMap('own', own, before);
    for (const [namespace, hosts] of exported) this.#exported.set(namespace, this.#hostMap(namespace, hosts, before));
  }

  find(service: ServiceDescription): MergedDestinationRule | undefined {
    const rules =
      this.#own.findHost(service.host) ??
      this.#exportedBy(service.namespace, service.host) ??
      this.#exportedBy(this.#rootNamespace, service.host);
    return rules && this.#forCaller(rules);
  }

  /** A rule exported elsewhere only does not hold for its own namespace. */
  #holdsAtHome(targets: readonly string[], namespace: string, keptToItself: boolean): boolean {
    if (namespace === this.#rootNamespace) return keptToItself;
    return targets.length === 0 || targets.some((target) => target === '*' || target === '.' || target === namespace);
  }

  #exportedBy(namespace: string, host: string): readonly MergedDestinationRule[] | undefined {
    const rules = this.#exported
      .get(namespace)
      ?.findHost(host)
      ?.filter(({ exportTo }) => this.#isTarget(exportTo));
    return rules?.length ? rules : undefined;
  }

  #isTarget(exportTo: readonly string[]): boolean {
    return exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(this.#self.namespace);
  }

  /** The first whose selector fits the caller, else the last without a selector. */
  #forCaller(rules: readonly MergedDestinationRule[]): MergedDestinationRule | undefined {
    const { labels } = this.#self;
    return rules.find(({ selector }) => selector && selects(selector, labels)) ?? rules.findLast(({ selector }) => !selector);
  }

  #hostMap(
    index: string,
    hosts: ReadonlyMap<string, readonly RuleResource[]>,
    before: MergedRules,
  ): HostMap<readonly MergedDestinationRule[]> {
    const map = new HostMap<readonly MergedDestinationRule[]>();
    for (const [host, rules] of hosts) {
      const key = `${index}/${host}`;
      const known = before.get(key);
      const entry = known && sameItems(known.rules, rules) ? known : { rules, merged: consolidate(rules) };
      this.merged.set(key, entry);
      map.add(host, entry.merged);
    }
    return map;
  }
}

/** Rules with a selector never leave their namespace. */
function exportTargets({ spec }: RuleResource): readonly string[] {
  return spec.workloadSelector ? ['.'] : [...(spec.exportTo ?? [])].sort();
}

function isKeptToItself(targets: readonly string[], namespace: string, otherwise: readonly string[] | undefined): boolean {
  if (targets.length === 0) return otherwise?.includes('.') ?? false;
  return targets.length === 1 && (targets[0] === '.' || targets[0] === namespace);
}

/**
 * Rules for one host, oldest first: a later one adds its subsets (of two with one name the first stays) and its policy where
 * there is none yet. Rules with other `exportTo` or for other workloads stand beside each other.
 */
function consolidate(rules: readonly RuleResource[]): readonly MergedDestinationRule[] {
  const list: MergedDestinationRule[] = [];
  for (const rule of rules) {
    const next = single(rule);
    let separate = true;
    for (const [index, known] of list.entries()) {
      if (!sameItems(known.exportTo, next.exportTo)) continue;
      if (known.selector && next.selector && !sameLabels(known.selector, next.selector)) continue;
      list[index] = join(known, next);
      if (!known.selector === !next.selector) separate = false;
    }
    if (separate) list.push(next);
  }
  return list;
}

function single(rule: RuleResource): MergedDestinationRule {
  const subsets = new Map<string, SubsetRule>();
  for (const [index, { name, labels, trafficPolicy }] of (rule.spec.subsets ?? []).entries()) {
    if (!subsets.has(name))
      subsets.set(name, { name, labels: labels ?? {}, trafficPolicy, origin: originOf(rule, `/spec/subsets/${index}`) });
  }
  const { trafficPolicy, workloadSelector } = rule.spec;
  return {
    trafficPolicy,
    subsets: [...subsets.values()],
    origin: rule.origin,
    selector: workloadSelector && (workloadSelector.matchLabels ?? {}),
    exportTo: exportTargets(rule),
  };
}

function join(known: MergedDestinationRule, next: MergedDestinationRule): MergedDestinationRule {
  const takesPolicy = !known.trafficPolicy && next.trafficPolicy !== undefined;
  return {
    ...known,
    trafficPolicy: known.trafficPolicy ?? next.trafficPolicy,
    origin: takesPolicy ? next.origin : known.origin,
    subsets: [...known.subsets, ...next.subsets.filter(({ name }) => !known.subsets.some((subset) => subset.name === name))],
  };
}

function selects(wanted: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}

function sameLabels(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return Object.keys(one).length === Object.keys(other).length && selects(one, other);
}

function append(map: Map<string, RuleResource[]>, host: string, rule: RuleResource): void {
  const rules = map.get(host);
  if (rules) rules.push(rule);
  else map.set(host, [rule]);
}
