/** Slices of each variant before the first that counts. */
const WARM_UP = 12;

/** One thing that is measured: runs `count` operations and resolves when they are done. */
export interface Variant {
  readonly name: string;
  run(count: number): Promise<void> | void;
}

export interface Measured {
  readonly name: string;
  /** Median over the rounds, ns of wall time an operation. */
  readonly medianNs: number;
  /** Mean of the fastest twentieth of the rounds: what it costs when nobody disturbs. */
  readonly floorNs: number;
  /** One figure a round, for ratios between variants of the same round. */
  readonly roundsNs: readonly number[];
  /** CPU of this process over all rounds, all threads, µs an operation. */
  readonly cpuUs: number;
}

/**
 * Runs all variants in short slices, in turn and in reverse turn, so that what disturbs the machine disturbs all alike. Figures of one run may be compared
 * with each other, those of different runs may not.
 */
export async function alternate(variants: readonly Variant[], rounds: number, count: number): Promise<Measured[]> {
  const times = variants.map(() => [] as number[]);
  const cpu = variants.map(() => 0);
  // Long enough for everything to be compiled.
  for (let warm = 0; warm < WARM_UP; warm++) for (const variant of variants) await variant.run(count);
  for (let round = 0; round < rounds; round++) {
    const order = variants.map((_, index) => (round % 2 === 0 ? index : variants.length - 1 - index));
    for (const index of order) {
      const cpuBefore = process.cpuUsage();
      const start = process.hrtime.bigint();
      await (variants[index] as Variant).run(count);
      (times[index] as number[]).push(Number(process.hrtime.bigint() - start) / count);
      const { user, system } = process.cpuUsage(cpuBefore);
      (cpu[index] as number) += user + system;
    }
  }
  return variants.map(({ name }, index) => {
    const roundsNs = times[index] as number[];
    const cpuUs = (cpu[index] as number) / (rounds * count);
    return { name, medianNs: median(roundsNs), floorNs: floor(roundsNs), roundsNs, cpuUs };
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function floor(values: readonly number[]): number {
  const fastest = [...values].sort((a, b) => a - b).slice(0, Math.max(1, Math.ceil(values.length / 20)));
  return fastest.reduce((sum, value) => sum + value, 0) / fastest.length;
}

/** Median of `base`'s time over `measured`'s in the same round: throughput relative to `base`. */
export function medianRatio(measured: Measured, base: Measured): number {
  return median(measured.roundsNs.map((ns, round) => (base.roundsNs[round] as number) / ns));
}
