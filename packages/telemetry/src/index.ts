export * from './access-log/access-log.ts';
export * from './access-log/refused-request.ts';
export * from './labels.ts';
export { MeshMetrics, type MeshMetricsOptions } from './metrics/mesh-metrics.ts';
export type { RequestSeries } from './metrics/request-series.ts';
export type { RouteMetrics } from './metrics/route-metrics.ts';
export { createTracing, type TracingOptions } from './tracing/create-tracing.ts';
export type { MeshSpan, MeshTracing, SpanKind } from './tracing/mesh-tracing.ts';
