import { type Availability, createPicker, type LoadTable, type Picker, PriorityPicker } from '@lateen/balancer';
import type { Random } from '@lateen/core';
import type { RetryPolicy } from '@lateen/resilience';
import type { ClusterSpec } from '@lateen/routing';

/** What a picker is made from: a change in one of these makes a new one. */
export const PICKER_BLOCKS = ['loadBalancer', 'hash', 'warmup', 'locality', 'outlierDetection'] as const;

export function createClusterPicker(
  { loadBalancer, hash, warmup, locality, outlierDetection }: ClusterSpec,
  table: LoadTable,
  random: Random,
  availability: Availability,
): Picker {
  const policy = loadBalancer === 'PASSTHROUGH' ? 'ROUND_ROBIN' : loadBalancer;
  const panicPercent = outlierDetection?.minHealthPercent ?? 0;
  return createPicker({ policy, ringSize: hash?.size, warmup, locality, panicPercent }, table, random, availability);
}

/** The slot for a further try, as the call's policy wants it: those that were tried last, or their priorities left. */
export function pickAgain(picker: Picker, tried: readonly number[], retry: RetryPolicy, nowMs: number, hash: number): number {
  const avoid = retry.avoidsPreviousHosts ? tried : undefined;
  if (retry.leavesPriorities && picker instanceof PriorityPicker) return picker.pickElsewhere(tried, avoid, nowMs, hash);
  return picker.pick(avoid, nowMs, hash);
}
