import { seededRandom } from '@lateen/core';
import { Availability } from '../../src/availability.ts';
import { createPicker, type PickerPolicy } from '../../src/create-picker.ts';
import { NO_HASH } from '../../src/hash-text.ts';
import { LoadTable } from '../../src/load-table.ts';
import { observeLatency } from '../../src/peak-ewma.ts';

const SERVERS = 11;
const RATE_PER_MS = 1;
const DURATION_MS = 60_000;
const SLOW = { server: 3, fromMs: 15_000, untilMs: 45_000, latencyMs: 2_000 } as const;
const SUCCESS_MS = 1_000;

/**
 * Buoyant's "Beyond Round Robin" (2016): one client sends 1000 requests a second to eleven servers for a minute; one of them takes 2 s
 * during the middle half. Latencies are drawn around the published ones (median 167.5, 95th percentile 181.7 ms).
 *
 * @returns the share of requests that were answered within a second
 */
export function slowServerSuccess(policy: PickerPolicy, seed: number): number {
  const random = seededRandom(seed);
  const table = new LoadTable();
  const picker = createPicker({ policy }, table, random, new Availability(table));
  picker.update(Int32Array.from({ length: SERVERS }, () => table.acquire(1)));
  const finishing: { readonly slot: number; readonly latencyMs: number }[][] = [];
  let sent = 0;
  let good = 0;
  for (let now = 0; now < DURATION_MS + SLOW.latencyMs; now++) {
    for (const { slot, latencyMs } of finishing[now] ?? []) {
      table.inFlight[slot]!--;
      observeLatency(table, slot, latencyMs, now);
      if (latencyMs < SUCCESS_MS) good++;
    }
    if (now >= DURATION_MS) continue;
    for (let due = 0; due < RATE_PER_MS; due++) {
      const slot = picker.pick(undefined, now, NO_HASH);
      const slow = slot === SLOW.server && now >= SLOW.fromMs && now < SLOW.untilMs;
      const latencyMs = slow ? SLOW.latencyMs : 168 + 8.5 * gaussian(random);
      table.inFlight[slot]!++;
      (finishing[Math.ceil(now + latencyMs)] ??= []).push({ slot, latencyMs });
      sent++;
    }
  }
  return good / sent;
}

/** Irwin and Hall's sum of twelve. */
function gaussian(random: { next(): number }): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next();
  return sum;
}
