import { BUCKET_LABELS, bucketOf } from './buckets.ts';
import { type CollectedMetric, collectedMetric, type HistogramCounts, histogramSamples } from './collected-metric.ts';

const NAME = 'lateen_route_duration_milliseconds';

class RouteCell implements HistogramCounts {
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets = new Float64Array(BUCKET_LABELS.length);
  readonly offset = 0;
  sum = 0;
  count = 0;

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels;
  }

  add(durationMs: number): void {
    this.count++;
    this.sum += durationMs;
    this.buckets[bucketOf(durationMs)]!++;
  }
}

type CellsByStatus = (RouteCell | undefined)[];

/**
 * How long each route template of the application takes. Istio's metrics have no label for it, so it has a metric of its own; paths never become
 * labels. Beyond `maxSeries` the rest is counted under the route `overflow`.
 */
export class RouteMetrics {
  readonly metric: CollectedMetric;
  readonly #maxSeries: number;
  readonly #cells: RouteCell[] = [];
  readonly #byRoute = new Map<string, Map<string, CellsByStatus>>();

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
    this.metric = collectedMetric(NAME, 'Duration of served requests by route template in milliseconds', 'histogram', () =>
      this.#cells.flatMap((cell) => histogramSamples(NAME, cell)),
    );
  }

  /** @param route the template, `/reviews/:id` */
  record(route: string, method: string, status: number, durationMs: number): void {
    const cells = this.#cellsOf(route, method);
    (cells[status] ??= this.#cell(route, method, status)).add(durationMs);
  }

  #cellsOf(route: string, method: string): CellsByStatus {
    let byMethod = this.#byRoute.get(route);
    if (!byMethod) this.#byRoute.set(route, (byMethod = new Map()));
    let cells = byMethod.get(method);
    if (!cells) byMethod.set(method, (cells = []));
    return cells;
  }

  #cell(route: string, method: string, status: number): RouteCell {
    const isFull = this.#cells.length >= this.#maxSeries;
    if (isFull && route !== 'overflow') {
      const overflow = this.#cellsOf('overflow', '');
      return (overflow[0] ??= this.#cell('overflow', '', 0));
    }
    const cell = new RouteCell({ route, method, response_code: String(status) });
    this.#cells.push(cell);
    return cell;
  }
}
