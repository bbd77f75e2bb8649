import type { RouteTable } from '@lateen/routing';
import type { Cluster } from '../cluster/cluster.ts';

/** What is in force, immutable: each call pins the one it began with. The clusters live longer than the plan. */
export interface Plan {
  /** Of the configuration it was compiled from. */
  readonly revision: number;
  readonly hash: string;
  readonly table: RouteTable;
  /** By cluster name; a destination that is missing answers 503 NC. */
  readonly clusters: ReadonlyMap<string, Cluster>;
}
