/** Istio's histogram bounds, for milliseconds and bytes alike. */
export const BUCKET_BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
] as const;

const BOUNDS = Float64Array.from(BUCKET_BOUNDS);

/** The `le` values as Prometheus writes them. */
export const BUCKET_LABELS: readonly string[] = [...BUCKET_BOUNDS.map(String), '+Inf'];

/** Where the search for a value begins, by the number of its binary digits: no bucket before it can hold the value. */
const START = Uint8Array.from({ length: 33 }, (_, digits) => firstThatHolds(digits === 0 ? 0 : 2 ** (digits - 1)));

/** Index of the first bucket that holds `value`; the last one is +Inf. */
export function bucketOf(value: number): number {
  if (value > 0xffffffff) return BOUNDS.length;
  let bucket = START[32 - Math.clz32(value)] as number;
  while (value > (BOUNDS[bucket] as number)) bucket++;
  return bucket;
}

function firstThatHolds(value: number): number {
  const bucket = BOUNDS.findIndex((bound) => value <= bound);
  return bucket === -1 ? BOUNDS.length : bucket;
}
