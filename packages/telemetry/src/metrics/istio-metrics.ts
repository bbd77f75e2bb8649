import { BUCKET_LABELS } from './buckets.ts';
import { DURATION, REQUEST_BYTES, RESPONSE_BYTES, type SeriesCell } from './series-cell.ts';

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

interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly metricName?: string;
}

/** The four request metrics of Istio over the same cells, as prom-client's registry collects them. */
export function istioMetrics(cells: readonly SeriesCell[]): CollectedMetric[] {
  return [
    requestCounter(cells),
    histogram(
      cells,
      'istio_request_duration_milliseconds',
      'Duration of requests in milliseconds',
      DURATION,
      (cell) => cell.durationSum,
    ),
    histogram(cells, 'istio_request_bytes', 'Size of requests in bytes', REQUEST_BYTES, (cell) => cell.requestBytesSum),
    histogram(cells, 'istio_response_bytes', 'Size of responses in bytes', RESPONSE_BYTES, (cell) => cell.responseBytesSum),
  ];
}

function requestCounter(cells: readonly SeriesCell[]): CollectedMetric {
  return collected('istio_requests_total', 'Requests handled by the mesh', 'counter', () =>
    cells.map(({ labels, count }) => ({ labels, value: count })),
  );
}

function histogram(
  cells: readonly SeriesCell[],
  name: string,
  help: string,
  offset: number,
  sumOf: (cell: SeriesCell) => number,
): CollectedMetric {
  return collected(name, help, 'histogram', () => cells.flatMap((cell) => histogramSamples(cell, name, offset, sumOf(cell))));
}

function histogramSamples({ labels, buckets, count }: SeriesCell, name: string, offset: number, sum: number): MetricSample[] {
  let cumulated = 0;
  const samples: MetricSample[] = BUCKET_LABELS.map((le, index) => {
    cumulated += buckets[offset + index] as number;
    return { labels: { le, ...labels }, value: cumulated, metricName: `${name}_bucket` };
  });
  samples.push({ labels, value: sum, metricName: `${name}_sum` }, { labels, value: count, metricName: `${name}_count` });
  return samples;
}

function collected(
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
