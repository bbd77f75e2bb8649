import { compileLogging, DEFAULT_LOGGING, type LoggingPolicy } from './access-log-policy.ts';
import { applicableTelemetries, type TelemetryWorkload } from './applicable-telemetries.ts';
import type { PolicyEnvironment } from './expressions.ts';
import { compileMetrics, DEFAULT_METRICS, type MetricsPolicy } from './metrics-policy.ts';
import { BUILT_IN_PROVIDERS, type ProviderNames } from './providers.ts';
import type { TelemetryResource } from './telemetry-resource.ts';
import { compileTracing, DEFAULT_TRACING, type TracingPolicy } from './tracing-policy.ts';

/** What a workload measures, traces and logs, decided before the first request. */
export interface TelemetryPolicy {
  readonly metrics: MetricsPolicy;
  readonly tracing: TracingPolicy;
  readonly logging: LoggingPolicy;
}

export const DEFAULT_TELEMETRY: TelemetryPolicy = {
  metrics: DEFAULT_METRICS,
  tracing: DEFAULT_TRACING,
  logging: DEFAULT_LOGGING,
};

/** The Telemetries of a configuration as one workload obeys them: mesh, namespace, workload, the nearest last. */
export function compileTelemetry(
  telemetries: readonly TelemetryResource[],
  workload: TelemetryWorkload,
  environment: PolicyEnvironment,
  providers: ProviderNames = BUILT_IN_PROVIDERS,
): TelemetryPolicy {
  const applicable = applicableTelemetries(telemetries, workload);
  if (applicable.length === 0) return DEFAULT_TELEMETRY;
  return {
    metrics: compileMetrics(applicable, providers, environment),
    tracing: compileTracing(applicable, environment),
    logging: compileLogging(applicable, providers, environment),
  };
}
