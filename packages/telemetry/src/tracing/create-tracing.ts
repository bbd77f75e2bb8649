import type { Clock, Logger, Random, TraceContext } from '@lateen/core';
import type { TelemetrySide } from '../policy/telemetry-resource.ts';
import { DEFAULT_TRACING, type SideTracing, type TracingPolicy } from '../policy/tracing-policy.ts';
import { IdPool } from './id-pool.ts';
import type { MeshSpan, MeshTracing } from './mesh-tracing.ts';
import { extractContext, injectContext } from './propagation.ts';
import { type SpanExporting, startExporting } from './span-exporting.ts';
import { type TracingSettings, tracingSettings } from './tracing-settings.ts';

export interface TracingOptions {
  readonly serviceName: string;
  /** Resource attributes besides `service.name`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Default `process.env`: `OTEL_TRACES_EXPORTER`, `OTEL_EXPORTER_*`, `OTEL_TRACES_SAMPLER(_ARG)`, `OTEL_PROPAGATORS`. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Over the environment's. 0–1. */
  readonly samplingRatio?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** How many traces a second strangers may have sampled by asking for it. */
const EDGE_SAMPLES_PER_SECOND = 10;

/**
 * Tracing for one process. The OpenTelemetry SDK is loaded only when an exporter is configured; what is not sampled never meets it.
 */
export function createTracing(options: TracingOptions): MeshTracing {
  const settings = tracingSettings(options.environment ?? process.env, options.logger);
  const exporting = settings.exporter === 'none' ? undefined : startExporting(settings.exporter, options);
  return new Tracing(options, { ...settings, samplingRatio: options.samplingRatio ?? settings.samplingRatio }, exporting);
}

class Tracing implements MeshTracing {
  readonly #ids = new IdPool();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #settings: TracingSettings;
  readonly #exporting: SpanExporting | undefined;
  /** Istio's words for the workload. */
  readonly #istioTags: readonly (readonly [string, string])[];
  #policy: TracingPolicy = DEFAULT_TRACING;
  #edgeTokens = EDGE_SAMPLES_PER_SECOND;
  #edgeRefilledAt: number;

  constructor(
    { clock, random, serviceName, attributes = {} }: TracingOptions,
    settings: TracingSettings,
    exporting: SpanExporting | undefined,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#settings = settings;
    this.#exporting = exporting;
    this.#istioTags = [
      ['istio.canonical_service', serviceName],
      ['istio.canonical_revision', attributes['service.version'] ?? 'latest'],
      ['istio.namespace', attributes['service.namespace'] ?? 'default'],
    ];
    this.#edgeRefilledAt = clock.now();
  }

  get exporting(): boolean {
    return this.#exporting !== undefined;
  }

  apply(policy: TracingPolicy): void {
    this.#policy = policy;
  }

  child(parent: TraceContext | undefined, side: TelemetrySide = 'client'): TraceContext {
    if (parent) return { traceId: parent.traceId, spanId: this.#ids.spanId(), sampled: parent.sampled, state: parent.state };
    return { traceId: this.#ids.traceId(), spanId: this.#ids.spanId(), sampled: this.#decide(side), state: undefined };
  }

  inject(context: TraceContext, headers: string[]): void {
    if (this.#policy.client.propagates) injectContext(context, headers, this.#settings.propagators);
  }

  extract(headers: readonly string[], trust: 'full' | 'edge'): TraceContext | undefined {
    const found = extractContext(headers);
    if (!found) return undefined;
    const { context, decided } = found;
    if (trust === 'full' && decided) return context;
    const sampled = (context.sampled && this.#grantEdgeSample()) || this.#decide('server');
    return { ...context, sampled };
  }

  span(
    kind: 'server' | 'client' | 'attempt',
    name: string,
    context: TraceContext,
    parent: TraceContext | undefined,
    headers?: readonly string[],
  ): MeshSpan | undefined {
    if (!this.#exporting || !context.sampled) return undefined;
    const side = kind === 'server' ? this.#policy.server : this.#policy.client;
    if (!side.reports) return undefined;
    const span = this.#exporting.begin(kind, name, context, parent);
    if (kind !== 'attempt') this.#tag(span, side, headers);
    return span;
  }

  async shutdown(): Promise<void> {
    await this.#exporting?.shutdown();
  }

  #tag(span: MeshSpan, { istioTags, tags, headerTags }: SideTracing, headers: readonly string[] = []): void {
    if (istioTags) for (const [name, value] of this.#istioTags) span.set(name, value);
    for (const [name, value] of tags) span.set(name, value);
    if (headerTags) for (const [name, value] of headerTags(headers)) span.set(name, value);
  }

  #decide(side: TelemetrySide): boolean {
    const samplingRatio = this.#policy[side].samplingRatio ?? this.#settings.samplingRatio;
    return this.#exporting !== undefined && samplingRatio > 0 && this.#random.next() < samplingRatio;
  }

  #grantEdgeSample(): boolean {
    const now = this.#clock.now();
    this.#edgeTokens = Math.min(
      EDGE_SAMPLES_PER_SECOND,
      this.#edgeTokens + ((now - this.#edgeRefilledAt) / 1_000) * EDGE_SAMPLES_PER_SECOND,
    );
    this.#edgeRefilledAt = now;
    if (this.#edgeTokens < 1) return false;
    this.#edgeTokens--;
    return true;
  }
}
