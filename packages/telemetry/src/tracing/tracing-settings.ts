import type { Logger } from '@lateen/core';
import { PROPAGATORS, type Propagator } from './propagation.ts';

export type ExporterKind = 'otlp' | 'zipkin' | 'none';

export interface TracingSettings {
  readonly exporter: ExporterKind;
  /** 0–1. */
  readonly samplingRatio: number;
  readonly propagators: readonly Propagator[];
}

export const DEFAULT_SAMPLING_RATIO = 0.01;

/** What OpenTelemetry's own variables say; a value that Lateen does not have is named in a warning and left out. */
export function tracingSettings(environment: NodeJS.ProcessEnv, logger: Logger): TracingSettings {
  return {
    exporter: environment['OTEL_SDK_DISABLED'] === 'true' ? 'none' : exporterOf(environment, logger),
    samplingRatio: samplingRatioOf(environment, logger),
    propagators: propagatorsOf(environment, logger),
  };
}

function exporterOf(environment: NodeJS.ProcessEnv, logger: Logger): ExporterKind {
  const named = environment['OTEL_TRACES_EXPORTER'];
  if (named === 'otlp' || named === 'zipkin' || named === 'none') return named;
  if (named) logger.warn(`OTEL_TRACES_EXPORTER=${named} is not available; write otlp, zipkin or none`);
  if (environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) return 'otlp';
  return environment['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] ? 'zipkin' : 'none';
}

function samplingRatioOf(environment: NodeJS.ProcessEnv, logger: Logger): number {
  const sampler = environment['OTEL_TRACES_SAMPLER'] ?? 'parentbased_traceidratio';
  if (sampler.endsWith('always_on')) return 1;
  if (sampler.endsWith('always_off')) return 0;
  const argument = environment['OTEL_TRACES_SAMPLER_ARG'];
  if (argument === undefined || argument === '') return DEFAULT_SAMPLING_RATIO;
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return ratio;
  logger.warn(`OTEL_TRACES_SAMPLER_ARG=${argument} is no share from 0 to 1; ${DEFAULT_SAMPLING_RATIO} is used`);
  return DEFAULT_SAMPLING_RATIO;
}

function propagatorsOf(environment: NodeJS.ProcessEnv, logger: Logger): readonly Propagator[] {
  const words = (environment['OTEL_PROPAGATORS'] ?? 'tracecontext').split(',').map((word) => word.trim());
  const known = words.filter((word): word is Propagator => (PROPAGATORS as readonly string[]).includes(word));
  const unknown = words.filter((word) => !known.includes(word as Propagator) && word !== 'baggage' && word !== 'none');
  if (unknown.length > 0) logger.warn(`OTEL_PROPAGATORS names ${unknown.join(', ')}; Lateen has ${PROPAGATORS.join(', ')}`);
  return known;
}
