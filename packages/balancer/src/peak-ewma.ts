import type { LoadTable } from './load-table.ts';

/** How long a latency is remembered: after this time without samples a peak has faded to 37 %. */
export const DECAY_MS = 10_000;
/** What an endpoint costs that nobody has measured yet, ms. */
export const DEFAULT_RTT_MS = 10;

/**
 * Takes a latency into an endpoint's peak EWMA: a slower answer counts at once and in full, a faster one only as time passes.
 *
 * Source: Finagle's `PeakEwma`.
 * @param ms time to response headers
 */
export function observeLatency(table: LoadTable, slot: number, ms: number, nowMs: number): void {
  const before = table.ewmaMs[slot] as number;
  if (before === 0 || ms > before) table.ewmaMs[slot] = ms;
  else {
    const weight = Math.exp(-Math.max(nowMs - (table.sampledAt[slot] as number), 0) / DECAY_MS);
    table.ewmaMs[slot] = before * weight + ms * (1 - weight);
  }
  table.sampledAt[slot] = nowMs;
}

/**
 * What it costs to send one more request to `slot` now, ms × requests: the remembered latency, faded towards nothing since its last sample, times
 * the requests in flight and this one. An endpoint that is slow and left alone so gets its chance again.
 */
export function ewmaLoad(table: LoadTable, slot: number, nowMs: number): number {
  const measured = table.ewmaMs[slot] as number;
  const inFlight = table.inFlight[slot] as number;
  const weight = table.weight[slot] as number;
  if (measured === 0) return (DEFAULT_RTT_MS * (inFlight + 1)) / weight;
  const silentMs = nowMs - (table.sampledAt[slot] as number);
  // exp only where it matters: within a second of a sample the fade is below a tenth.
  const faded = silentMs > 1_000 ? measured * Math.exp(-silentMs / DECAY_MS) : measured;
  return (faded * (inFlight + 1)) / weight;
}
