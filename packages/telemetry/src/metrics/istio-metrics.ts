import { type CollectedMetric, collectedMetric, histogramSamples } from './collected-metric.ts';
import { DURATION, REQUEST_BYTES, RESPONSE_BYTES, type SeriesCell } from './series-cell.ts';

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
  return collectedMetric('istio_requests_total', 'Requests handled by the mesh', 'counter', () =>
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
  return collectedMetric(name, help, 'histogram', () =>
    cells.flatMap((cell) => {
      const { labels, buckets, count } = cell;
      return histogramSamples(name, { labels, buckets, offset, sum: sumOf(cell), count });
    }),
  );
}
