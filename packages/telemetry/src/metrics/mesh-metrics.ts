import { createRequire } from 'node:module';
import type { Logger } from '@lateen/core';
import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, type Metric, Registry } from 'prom-client';
import type { SeriesKey } from '../labels.ts';
import { istioLabels, seriesKeyText } from './istio-labels.ts';
import { istioMetrics } from './istio-metrics.ts';
import { RequestSeries } from './request-series.ts';
import { RouteMetrics } from './route-metrics.ts';
import { SeriesCell } from './series-cell.ts';

const { version } = createRequire(import.meta.url)('@lateen/telemetry/package.json') as { version: string };

export interface MeshMetricsOptions {
  readonly logger: Logger;
  /** Sets of label values kept apart; further ones are counted together. Default 4000. */
  readonly maxSeries?: number;
}

/**
 * Istio's request metrics over typed arrays, in a prom-client registry.
 *
 * A caller finds its {@link RequestSeries} once per path and records without touching a label; prom-client sees the numbers only when
 * somebody scrapes. Beyond `maxSeries` label sets one series named `overflow` takes the rest, with one warning.
 */
export class MeshMetrics {
  readonly registry = new Registry();
  /** By route template, where a framework adapter names it. */
  readonly routes: RouteMetrics;
  readonly #logger: Logger;
  readonly #maxSeries: number;
  readonly #cells: SeriesCell[] = [];
  readonly #series = new Map<string, RequestSeries>();
  readonly #overflow = new Map<string, SeriesCell>();

  constructor({ logger, maxSeries = 4_000 }: MeshMetricsOptions) {
    this.#logger = logger;
    this.#maxSeries = maxSeries;
    this.routes = new RouteMetrics(maxSeries);
    for (const metric of [...istioMetrics(this.#cells), this.routes.metric])
      this.registry.registerMetric(metric as unknown as Metric);
    this.gauge({ name: 'istio_build', help: 'Version of the mesh in this process', labelNames: ['component', 'tag'] }).set(
      { component: 'lateen', tag: version },
      1,
    );
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The exposition, for a scrape. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Makes the mesh's metrics part of an application's own registry. */
  collectInto(other: Registry): void {
    for (const metric of this.registry.getMetricsAsArray()) other.registerMetric(metric as unknown as Metric);
  }

  /** The series of a path; equal keys give the same one. Not for the request path: keep what it returns. */
  series(key: SeriesKey): RequestSeries {
    const text = seriesKeyText(key);
    let series = this.#series.get(text);
    if (!series) this.#series.set(text, (series = new RequestSeries((status, flags) => this.#cell(key, status, flags))));
    return series;
  }

  /** A counter of the mesh's own beside Istio's. */
  counter<Label extends string>(configuration: CounterConfiguration<Label>): Counter<Label> {
    return new Counter({ ...configuration, registers: [this.registry] });
  }

  gauge<Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> {
    return new Gauge({ ...configuration, registers: [this.registry] });
  }

  #cell(key: SeriesKey, status: number, flags: string): SeriesCell {
    if (this.#cells.length >= this.#maxSeries) return this.#overflowCell(key.reporter);
    return this.#keep(new SeriesCell(istioLabels(key, status, flags)));
  }

  #overflowCell(reporter: SeriesKey['reporter']): SeriesCell {
    let cell = this.#overflow.get(reporter);
    if (cell) return cell;
    this.#logger.warn(`more than ${this.#maxSeries} metric series; further ones are counted together as "overflow"`);
    const nobody = { workload: 'overflow', namespace: 'overflow', principal: 'overflow', app: 'overflow', version: 'overflow' };
    const names = { destinationService: 'overflow', destinationServiceName: 'overflow', destinationServiceNamespace: 'overflow' };
    const labels = istioLabels({ reporter, source: nobody, destination: nobody, ...names, securityPolicy: 'unknown' }, 0, '-');
    cell = this.#keep(new SeriesCell(labels));
    this.#overflow.set(reporter, cell);
    return cell;
  }

  #keep(cell: SeriesCell): SeriesCell {
    this.#cells.push(cell);
    return cell;
  }
}
