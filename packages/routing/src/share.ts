/** Envoy's granularity: one in a million. */
const PARTS = 1_000_000;

/** A percentage as a share, 0–1. */
export function shareOf(percent: number): number {
  return Math.round((percent / 100) * PARTS) / PARTS;
}
