import type { DraftResource } from '../analysis-context.ts';
import { selectorText, selects } from './labels.ts';
import type { Workload } from './workloads.ts';

/** One server of a Gateway. */
export interface Listener {
  readonly gateway: DraftResource<'Gateway'>;
  readonly index: number;
  readonly port: number;
  readonly bind: string;
  readonly hosts: readonly string[];
}

export function listeners(gateway: DraftResource<'Gateway'>): Listener[] {
  return (gateway.spec.servers ?? []).map(({ port, bind = '', hosts = [] }, index) => ({
    gateway,
    index,
    port: port?.number ?? 0,
    bind,
    hosts: hosts.map((host) => host ?? ''),
  }));
}

/** Whether both are served by one workload: they select alike, or something that is known runs is selected by both. */
export function meet(left: Listener, right: Listener, workloads: readonly Workload[]): boolean {
  const own = left.gateway.spec.selector ?? {};
  const other = right.gateway.spec.selector ?? {};
  if (selectorText(own) === selectorText(other)) return true;
  return workloads.some(({ labels }) => selects(own, labels) && selects(other, labels));
}
