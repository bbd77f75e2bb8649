import { localityDistance, localityMatches, parseLocality } from './locality.ts';
import type { LoadTable } from './load-table.ts';

/** `localityLbSetting` in force for one cluster, seen from one caller. */
export interface LocalityOptions {
  /** Where the caller runs, `region/zone/subzone`; empty when unknown. */
  readonly own: string;
  /** Whether localities of one priority share by weight before endpoints do; otherwise endpoints share directly. */
  readonly weighted: boolean;
  /** Places with their parts of the traffic, for callers from here; all other places get none. */
  readonly distribute: readonly (readonly [place: string, weight: number])[] | undefined;
  /** Nearer endpoints first, the others only when those are not well; undefined: all are equally near. */
  readonly failover: FailoverOptions | undefined;
}

export interface FailoverOptions {
  /** Whether nearness counts. */
  readonly byDistance: boolean;
  /** The only other region that takes over before the rest; undefined: any. */
  readonly region: string | undefined;
  /** Labels an endpoint should carry, the most important first, before nearness. */
  readonly labels: readonly (readonly [name: string, value: string])[];
}

/** The members of one locality at one priority. */
export interface LocalityHosts {
  readonly locality: string;
  readonly weight: number;
  readonly slots: Int32Array;
}

/** All that is used together. */
export interface HostSet {
  readonly slots: Int32Array;
  readonly localities: readonly LocalityHosts[];
}

/** Farther away than another region: one that no rule names as taking over. */
const NOT_TAKING_OVER = 4;
const DISTANCES = NOT_TAKING_OVER + 1;

/**
 * The members by priority, the ones to use first in front, without gaps.
 *
 * Source: Istio's locality load balancing: priorities by labels, then by distance; `distribute` gives places weights instead.
 */
export function hostSets(slots: Int32Array, table: LoadTable, options: LocalityOptions): readonly HostSet[] {
  const { distribute } = options;
  const shares = distribute ? distributed(byLocality(slots, table), distribute) : undefined;
  if (shares) return [hostSet(shares)];
  const byPriority = new Map<number, number[]>();
  for (const slot of slots) {
    const priority = priorityOf(slot, table, options);
    const members = byPriority.get(priority);
    if (members) members.push(slot);
    else byPriority.set(priority, [slot]);
  }
  return [...byPriority]
    .sort(([one], [other]) => one - other)
    .map(([, members]) => {
      const own = Int32Array.from(members);
      const localities = options.weighted ? byLocality(own, table) : [];
      return localities.length > 1 ? hostSet(localities) : { slots: own, localities: [] };
    });
}

function hostSet(localities: readonly LocalityHosts[]): HostSet {
  return { slots: Int32Array.from(localities.flatMap(({ slots }) => [...slots])), localities };
}

function byLocality(slots: Int32Array, table: LoadTable): LocalityHosts[] {
  const groups = new Map<string, number[]>();
  for (const slot of slots) {
    const locality = table.endpoints[slot]?.locality ?? '';
    const members = groups.get(locality);
    if (members) members.push(slot);
    else groups.set(locality, [slot]);
  }
  return [...groups].map(([locality, members]) => ({
    locality,
    weight: members.reduce((sum, slot) => sum + (table.weight[slot] as number), 0),
    slots: Int32Array.from(members),
  }));
}

/** A place that names several localities shares its weight among them as they weigh; a locality belongs to the first place that names it. */
function distributed(localities: readonly LocalityHosts[], places: NonNullable<LocalityOptions['distribute']>): LocalityHosts[] {
  const left = new Set(localities);
  const shared: LocalityHosts[] = [];
  for (const [place, weight] of places) {
    const named = [...left].filter(({ locality }) => localityMatches(locality, place));
    const total = named.reduce((sum, locality) => sum + locality.weight, 0);
    for (const locality of named) {
      left.delete(locality);
      shared.push({ ...locality, weight: Math.ceil((locality.weight * weight) / total) });
    }
  }
  return shared;
}

function priorityOf(slot: number, table: LoadTable, { own, failover }: LocalityOptions): number {
  if (!failover) return 0;
  const byLabels = labelPriority(slot, table, failover.labels);
  return (
    byLabels * DISTANCES + (failover.byDistance ? distanceOf(table.endpoints[slot]?.locality ?? '', own, failover.region) : 0)
  );
}

/** 0 when all labels are as wanted; the sooner one differs the higher. */
function labelPriority(slot: number, table: LoadTable, labels: FailoverOptions['labels']): number {
  const endpoint = table.endpoints[slot];
  const differing = labels.findIndex(([name, value]) => labelOf(name, endpoint) !== value);
  return differing === -1 ? 0 : labels.length - differing;
}

/** Names under which a locality's parts count as labels. */
export const LOCALITY_LABELS = {
  'topology.kubernetes.io/region': 'region',
  'topology.kubernetes.io/zone': 'zone',
  'topology.istio.io/subzone': 'subzone',
} as const;

function labelOf(name: string, endpoint: LoadTable['endpoints'][number]): string {
  const own = endpoint?.labels[name];
  if (own !== undefined) return own;
  if (!Object.hasOwn(LOCALITY_LABELS, name)) return '';
  return parseLocality(endpoint?.locality ?? '')[LOCALITY_LABELS[name as keyof typeof LOCALITY_LABELS]];
}

function distanceOf(locality: string, own: string, region: string | undefined): number {
  const distance = localityDistance(own, locality);
  const elsewhere = distance === 3 && region !== undefined && parseLocality(locality).region !== region;
  return elsewhere ? NOT_TAKING_OVER : distance;
}
