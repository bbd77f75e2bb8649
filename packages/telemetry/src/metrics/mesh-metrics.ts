import { createRequire } from 'node:module';
import type { Logger } from '@lateen/core';
import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, type Metric, Registry } from 'prom-client';
import type { SeriesKey } from '../labels.ts';
import { DEFAULT_METRICS, type MetricsPolicy, type SideMetrics } from '../policy/metrics-policy.ts';
import { changedLabels, seriesFacts } from './cell-labels.ts';
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
  /** By their labels, so that a policy that comes back finds its numbers again. */
  readonly #cells = new Map<string, SeriesCell>();
  readonly #series = new Map<string, RequestSeries>();
  readonly #overflow = new Map<string, SeriesCell>();
  #policy: MetricsPolicy = DEFAULT_METRICS;

  constructor({ logger, maxSeries = 4_000 }: MeshMetricsOptions) {
    this.#logger = logger;
    this.#maxSeries = maxSeries;
    this.routes = new RouteMetrics(maxSeries);
    const metrics = istioMetrics((metric) =>
      [...this.#cells.values()].filter(({ reporter }) => !this.#side(reporter).metrics[metric].disabled),
    );
    for (const metric of [...metrics, this.routes.metric]) this.registry.registerMetric(metric as unknown as Metric);
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
    const known = this.#series.get(text);
    if (known) return known;
    const series = new RequestSeries(
      key,
      (status, flags, facts) => this.#cell(key, status, flags, facts),
      this.#side(key.reporter).variant,
    );
    this.#series.set(text, series);
    return series;
  }

  /**
   * What is told from now on, and under which labels. Numbers under other labels stay as they are; a metric that is disabled is not told
   * until it is enabled again.
   */
  apply(policy: MetricsPolicy): void {
    if (policy === this.#policy) return;
    this.#policy = policy;
    for (const series of this.#series.values()) series.relabel(this.#side(series.key.reporter).variant);
  }

  /** A counter of the mesh's own beside Istio's. */
  counter<Label extends string>(configuration: CounterConfiguration<Label>): Counter<Label> {
    return new Counter({ ...configuration, registers: [this.registry] });
  }

  gauge<Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> {
    return new Gauge({ ...configuration, registers: [this.registry] });
  }

  #side(reporter: SeriesKey['reporter']): SideMetrics {
    return reporter === 'source' ? this.#policy.client : this.#policy.server;
  }

  #cell(key: SeriesKey, status: number, flags: string, facts = seriesFacts(key, status, flags)): SeriesCell {
    const labels = istioLabels(key, status, flags);
    const side = this.#side(key.reporter);
    const ownLabels = side.changesTags ? changedLabels(labels, side, facts) : undefined;
    const text = JSON.stringify(ownLabels ?? labels);
    const known = this.#cells.get(text);
    if (known) return known;
    if (this.#cells.size >= this.#maxSeries) return this.#overflowCell(key.reporter);
    return this.#keep(text, new SeriesCell(key.reporter, labels, ownLabels));
  }

  #overflowCell(reporter: SeriesKey['reporter']): SeriesCell {
    let cell = this.#overflow.get(reporter);
    if (cell) return cell;
    this.#logger.warn(`more than ${this.#maxSeries} metric series; further ones are counted together as "overflow"`);
    const nobody = { workload: 'overflow', namespace: 'overflow', principal: 'overflow', app: 'overflow', version: 'overflow' };
    const names = { destinationService: 'overflow', destinationServiceName: 'overflow', destinationServiceNamespace: 'overflow' };
    const labels = istioLabels({ reporter, source: nobody, destination: nobody, ...names, securityPolicy: 'unknown' }, 0, '-');
    cell = this.#keep(`overflow ${reporter}`, new SeriesCell(reporter, labels));
    this.#overflow.set(reporter, cell);
    return cell;
  }

  #keep(text: string, cell: SeriesCell): SeriesCell {
    this.#cells.set(text, cell);
    return cell;
  }
}
