import { BUCKET_LABELS } from './buckets.ts';

/** The part of prom-client's metric interface that its registry asks for. */
export interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly aggregator: 'sum';
  get(): Promise<MetricSnapshot>;
  reset(): void;
}

interface MetricSnapshot {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly aggregator: 'sum';
  readonly values: readonly MetricSample[];
}

export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly metricName?: string;
}

/** One series of a histogram as it is kept: plain (not cumulative) counts from `offset` on. */
export interface HistogramCounts {
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets: Float64Array;
  readonly offset: number;
  readonly sum: number;
  readonly count: number;
}

/** A metric whose numbers are read when somebody scrapes. */
export function collectedMetric(
  name: string,
  help: string,
  type: 'counter' | 'histogram',
  read: () => readonly MetricSample[],
): CollectedMetric {
  return {
    name,
    help,
    type,
    aggregator: 'sum',
    get: () => Promise.resolve({ name, help, type, aggregator: 'sum', values: read() }),
    reset() {}, // a registry reset must not lose what the mesh counted
  };
}

/** Buckets cumulated as Prometheus wants them, then sum and count. */
export function histogramSamples(name: string, { labels, buckets, offset, sum, count }: HistogramCounts): MetricSample[] {
  let cumulated = 0;
  const samples: MetricSample[] = BUCKET_LABELS.map((le, index) => {
    cumulated += buckets[offset + index] as number;
    return { labels: { le, ...labels }, value: cumulated, metricName: `${name}_bucket` };
  });
  samples.push({ labels, value: sum, metricName: `${name}_sum` }, { labels, value: count, metricName: `${name}_count` });
  return samples;
}
