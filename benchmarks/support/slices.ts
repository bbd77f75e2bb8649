/** One thing that is measured: runs `count` operations and resolves when they are done. */
export interface Variant {
  readonly name: string;
  run(count: number): Promise<void> | void;
}

export interface Measured {
  readonly name: string;
  /** Median over the rounds, ns an operation. */
  readonly medianNs: number;
  readonly minNs: number;
  /** One figure a round, for ratios between variants of the same round. */
  readonly roundsNs: readonly number[];
}

/** `cpu`: what this thread used, which other processes hardly disturb; for work without waiting. `wall`: what a caller sees. */
export type Time = 'cpu' | 'wall';

/**
 * Runs all variants in short slices, in turn and in reverse turn, so that what disturbs the machine disturbs all alike. Figures are medians over rounds;
 * compare variants by {@link medianRatio}, never across runs.
 */
export async function alternate(time: Time, variants: readonly Variant[], rounds: number, count: number): Promise<Measured[]> {
  const times = variants.map(() => [] as number[]);
  for (const variant of variants) await variant.run(count);
  for (let round = 0; round < rounds; round++) {
    const order = variants.map((_, index) => (round % 2 === 0 ? index : variants.length - 1 - index));
    for (const index of order) {
      globalThis.gc?.();
      const start = nowNs(time);
      await (variants[index] as Variant).run(count);
      (times[index] as number[]).push((nowNs(time) - start) / count);
    }
  }
  return variants.map(({ name }, index) => {
    const roundsNs = times[index] as number[];
    return { name, medianNs: median(roundsNs), minNs: Math.min(...roundsNs), roundsNs };
  });
}

function nowNs(time: Time): number {
  if (time === 'wall') return Number(process.hrtime.bigint());
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Median of what `measured` cost more than `base` in the same round, ns. */
export function medianAdded(measured: Measured, base: Measured): number {
  return median(measured.roundsNs.map((ns, round) => ns - (base.roundsNs[round] as number)));
}

/** Median of `base`'s time over `measured`'s in the same round: throughput relative to `base`. */
export function medianRatio(measured: Measured, base: Measured): number {
  return median(measured.roundsNs.map((ns, round) => (base.roundsNs[round] as number) / ns));
}
