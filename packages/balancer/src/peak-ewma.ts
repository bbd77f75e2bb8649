import type { LoadTable } from './load-table.ts';

/** How long a latency is remembered: after this time without samples a peak has faded to 37 %. */
export const DECAY_MS = 10_000;
/** What an endpoint is thought to take whose first answer is still out, ms. */
const UNANSWERED_RTT_MS = 1_000;
/** Below this a clock's grain is all there is to see; and 0 means "never measured". */
const LEAST_RTT_MS = 0.01;

/**
 * Takes a latency into an endpoint's peak EWMA: a slower answer counts at once and in full, a faster one only as time passes.
 *
 * Source: Finagle's `PeakEwma`.
 * @param ms time to response headers
 */
export function observeLatency(table: LoadTable, slot: number, ms: number, nowMs: number): void {
  const before = table.ewmaMs[slot] as number;
  if (before === 0 || ms > before) table.ewmaMs[slot] = Math.max(ms, LEAST_RTT_MS);
  else {
    const weight = fade(Math.max(nowMs - (table.sampledAt[slot] as number), 0));
    table.ewmaMs[slot] = before * weight + ms * (1 - weight);
  }
  table.sampledAt[slot] = nowMs;
}

/** e^(-silentMs / {@link DECAY_MS}). The first terms of its series for the usual short silence, right to seven digits. */
function fade(silentMs: number): number {
  const x = silentMs / DECAY_MS;
  return x < 0.01 ? 1 - x + (x * x) / 2 : Math.exp(-x);
}

/**
 * What it costs to send one more request to `slot` now, in ms: the remembered latency, faded towards nothing since its last sample, once
 * for itself and once for each request that is in flight per unit of weight. An endpoint that is slow and left alone so gets its chance again.
 *
 * One that was never measured costs nothing, so that the next draw tries it; until its first answer is there it is thought to be slow, lest
 * everybody try it at once. Weights do not count for idle endpoints, since draws are in proportion to them already.
 */
export function ewmaLoad(table: LoadTable, slot: number, nowMs: number): number {
  const measured = table.ewmaMs[slot] as number;
  const inFlight = table.inFlight[slot] as number;
  const queue = inFlight / (table.weight[slot] as number) + 1;
  if (measured === 0) return inFlight === 0 ? 0 : UNANSWERED_RTT_MS * queue;
  const silentMs = nowMs - (table.sampledAt[slot] as number);
  // exp only where it matters: within a second of a sample the fade is below a tenth.
  const faded = silentMs > 1_000 ? measured * Math.exp(-silentMs / DECAY_MS) : measured;
  return faded * queue;
}
