/** Istio's histogram bounds, for milliseconds and bytes alike. */
export const BUCKET_BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
] as const;

const BOUNDS = Float64Array.from(BUCKET_BOUNDS);

/** The `le` values as Prometheus writes them. */
export const BUCKET_LABELS: readonly string[] = [...BUCKET_BOUNDS.map(String), '+Inf'];

/** Index of the first bucket that holds `value`; the last one is +Inf. */
export function bucketOf(value: number): number {
  let low = 0;
  let high = BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (BOUNDS[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
