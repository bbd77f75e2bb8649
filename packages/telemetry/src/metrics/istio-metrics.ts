import { REQUEST_METRICS, type RequestMetric } from '../policy/metrics-policy.ts';
import type { Labels } from './cell-labels.ts';
import { type CollectedMetric, collectedMetric, histogramSamples, type MetricSample } from './collected-metric.ts';
import { DURATION, REQUEST_BYTES, RESPONSE_BYTES, type SeriesCell } from './series-cell.ts';

/** The cells whose numbers one metric tells now. */
export type CellsOf = (metric: RequestMetric) => readonly SeriesCell[];

interface Histogram {
  readonly name: string;
  readonly help: string;
  readonly offset: number;
  readonly sumOf: (cell: SeriesCell) => number;
}

const HISTOGRAMS: Readonly<Record<Exclude<RequestMetric, 'REQUEST_COUNT'>, Histogram>> = {
  REQUEST_DURATION: {
    name: 'istio_request_duration_milliseconds',
    help: 'Duration of requests in milliseconds',
    offset: DURATION,
    sumOf: (cell) => cell.durationSum,
  },
  REQUEST_SIZE: {
    name: 'istio_request_bytes',
    help: 'Size of requests in bytes',
    offset: REQUEST_BYTES,
    sumOf: (cell) => cell.requestBytesSum,
  },
  RESPONSE_SIZE: {
    name: 'istio_response_bytes',
    help: 'Size of responses in bytes',
    offset: RESPONSE_BYTES,
    sumOf: (cell) => cell.responseBytesSum,
  },
};

/** The four request metrics of Istio over the same cells, as prom-client's registry collects them. */
export function istioMetrics(cellsOf: CellsOf): CollectedMetric[] {
  return REQUEST_METRICS.map((metric) =>
    metric === 'REQUEST_COUNT' ? requestCounter(cellsOf) : histogram(metric, HISTOGRAMS[metric], cellsOf),
  );
}

function requestCounter(cellsOf: CellsOf): CollectedMetric {
  return collectedMetric('istio_requests_total', 'Requests handled by the mesh', 'counter', () =>
    byLabels(cellsOf('REQUEST_COUNT'), 'REQUEST_COUNT').map(({ labels, cells }) => ({
      labels,
      value: cells.reduce((sum, { count }) => sum + count, 0),
    })),
  );
}

function histogram(metric: RequestMetric, { name, help, offset, sumOf }: Histogram, cellsOf: CellsOf): CollectedMetric {
  return collectedMetric(name, help, 'histogram', () =>
    byLabels(cellsOf(metric), metric).flatMap(({ labels, cells }): MetricSample[] =>
      histogramSamples(name, {
        labels,
        buckets: cells.length === 1 ? (cells[0] as SeriesCell).buckets : addedBuckets(cells),
        offset,
        sum: cells.reduce((sum, cell) => sum + sumOf(cell), 0),
        count: cells.reduce((sum, { count }) => sum + count, 0),
      }),
    ),
  );
}

/** Cells told apart by labels that a policy took away are told as one. */
function byLabels(
  cells: readonly SeriesCell[],
  metric: RequestMetric,
): readonly { readonly labels: Labels; readonly cells: readonly SeriesCell[] }[] {
  if (cells.every(({ ownLabels }) => ownLabels === undefined))
    return cells.map((cell) => ({ labels: cell.labels, cells: [cell] }));
  const groups = new Map<string, { readonly labels: Labels; readonly cells: SeriesCell[] }>();
  for (const cell of cells) {
    const labels = cell.labelsOf(metric);
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    const group = groups.get(key);
    if (group) group.cells.push(cell);
    else groups.set(key, { labels, cells: [cell] });
  }
  return [...groups.values()];
}

function addedBuckets(cells: readonly SeriesCell[]): Float64Array {
  const sum = new Float64Array((cells[0] as SeriesCell).buckets.length);
  for (const { buckets } of cells) for (let index = 0; index < sum.length; index++) sum[index]! += buckets[index]!;
  return sum;
}
