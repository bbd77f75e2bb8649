import { type CompiledCel } from '@lateen/core/cel';
import { type PolicyEnvironment, requestExpression, tagText } from './expressions.ts';
import { isForOwn, type ProviderNames } from './providers.ts';
import { type RequestFacts, SERIES_ATTRIBUTES } from './request-facts.ts';
import {
  isAbout,
  type MetricsBlock,
  type MetricsOverride,
  type TelemetryResource,
  type TelemetrySide,
} from './telemetry-resource.ts';

/** The request metrics by their names in a Telemetry, in the order in which a cell keeps them. */
export const REQUEST_METRICS = ['REQUEST_COUNT', 'REQUEST_DURATION', 'REQUEST_SIZE', 'RESPONSE_SIZE'] as const;
export type RequestMetric = (typeof REQUEST_METRICS)[number];

/** The same by the names that `customMetric` may use. */
const BY_STAT_NAME: Readonly<Record<string, RequestMetric>> = {
  requests_total: 'REQUEST_COUNT',
  request_duration_milliseconds: 'REQUEST_DURATION',
  request_bytes: 'REQUEST_SIZE',
  response_bytes: 'RESPONSE_SIZE',
};

/** One change of a metric's labels; without a value the label goes. */
export interface TagChange {
  readonly tag: string;
  readonly value: CompiledCel<RequestFacts> | undefined;
}

export interface MetricPolicy {
  readonly disabled: boolean;
  readonly tags: readonly TagChange[];
}

/** What one side's metrics are. */
export interface SideMetrics {
  readonly metrics: Readonly<Record<RequestMetric, MetricPolicy>>;
  /** Whether any label is changed. */
  readonly changesTags: boolean;
  /**
   * What tags ask of each request, one text for each distinct set of answers; undefined where they ask nothing that could differ within a
   * series, so that recording need not look.
   */
  readonly variant: ((facts: RequestFacts) => string) | undefined;
}

export type MetricsPolicy = Readonly<Record<TelemetrySide, SideMetrics>>;

const UNTOUCHED: MetricPolicy = { disabled: false, tags: [] };

export const DEFAULT_METRICS: MetricsPolicy = { client: sideOf(new Map(), false), server: sideOf(new Map(), false) };

interface Gathered {
  disabled: boolean;
  readonly tags: Map<string, TagChange>;
}

/** Overrides in their order, the nearest Telemetry's last: each changes what it names, and leaves the rest as it was. */
export function compileMetrics(
  telemetries: readonly TelemetryResource[],
  providers: ProviderNames,
  environment: PolicyEnvironment,
): MetricsPolicy {
  const blocks = telemetries.flatMap(({ spec }) => spec.metrics ?? []);
  if (blocks.length === 0) return DEFAULT_METRICS;
  return {
    client: compileSide('client', blocks, providers, environment),
    server: compileSide('server', blocks, providers, environment),
  };
}

function compileSide(
  side: TelemetrySide,
  blocks: readonly MetricsBlock[],
  providers: ProviderNames,
  environment: PolicyEnvironment,
): SideMetrics {
  const gathered = new Map<RequestMetric, Gathered>();
  let isOwn = true;
  for (const block of blocks) {
    isOwn = isForOwn(block.providers, providers.metrics) ?? isOwn;
    if (!isOwn) continue;
    for (const override of block.overrides ?? []) if (isAbout(side, override.match)) gather(gathered, override, environment);
  }
  return sideOf(gathered, !isOwn);
}

function gather(gathered: Map<RequestMetric, Gathered>, override: MetricsOverride, environment: PolicyEnvironment): void {
  for (const metric of metricsOf(override)) {
    const entry = gathered.get(metric) ?? { disabled: false, tags: new Map() };
    gathered.set(metric, entry);
    if (typeof override.disabled === 'boolean') entry.disabled = override.disabled;
    for (const [tag, { operation = 'UPSERT', value = '' }] of Object.entries(override.tagOverrides ?? {})) {
      const expression = operation === 'UPSERT' ? requestExpression(value, environment) : undefined;
      if (operation === 'REMOVE' || expression) entry.tags.set(tag, { tag, value: expression });
    }
  }
}

function metricsOf({ match }: MetricsOverride): readonly RequestMetric[] {
  if (match?.customMetric !== undefined) {
    const metric = BY_STAT_NAME[match.customMetric.replace(/^istio_/, '')];
    return metric ? [metric] : [];
  }
  const name = match?.metric ?? 'ALL_METRICS';
  return name === 'ALL_METRICS' ? REQUEST_METRICS : REQUEST_METRICS.filter((metric) => metric === name);
}

/** @param elsewhere all metrics go to providers that are not of this process */
function sideOf(gathered: ReadonlyMap<RequestMetric, Gathered>, elsewhere: boolean): SideMetrics {
  const policyOf = (metric: RequestMetric): MetricPolicy => {
    const entry = gathered.get(metric);
    if (!entry) return elsewhere ? { disabled: true, tags: [] } : UNTOUCHED;
    return { disabled: elsewhere || entry.disabled, tags: [...entry.tags.values()] };
  };
  const metrics = Object.fromEntries(REQUEST_METRICS.map((metric) => [metric, policyOf(metric)])) as SideMetrics['metrics'];
  const expressions = new Set(
    Object.values(metrics)
      .flatMap(({ disabled, tags }) => (disabled ? [] : tags))
      .flatMap(({ value }) => value ?? []),
  );
  const asking = [...expressions].filter(({ attributes }) => [...attributes].some((name) => !SERIES_ATTRIBUTES.has(name)));
  return {
    metrics,
    changesTags: Object.values(metrics).some(({ tags }) => tags.length > 0),
    variant: asking.length > 0 ? (facts) => asking.map((expression) => tagText(expression, facts)).join('\u0000') : undefined,
  };
}
