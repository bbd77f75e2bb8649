import { createRequire } from 'node:module';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Logger, TraceContext } from '@lateen/core';
import type { MeshSpan, SpanKind } from './mesh-tracing.ts';
import type { ExporterKind } from './tracing-settings.ts';

export interface SpanExportingOptions {
  readonly serviceName: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** The way of sampled spans into OpenTelemetry. */
export interface SpanExporting {
  begin(kind: SpanKind, name: string, context: TraceContext, parent: TraceContext | undefined): MeshSpan;
  shutdown(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** Ids and decision of the span being begun are ours already; the SDK asks for them in the middle of `startSpan`. */
class DecidedSpan {
  context: TraceContext | undefined;

  generateTraceId(): string {
    return this.context?.traceId ?? this.fallback.generateTraceId();
  }

  generateSpanId(): string {
    return this.context?.spanId ?? this.fallback.generateSpanId();
  }

  readonly fallback: { generateTraceId(): string; generateSpanId(): string };

  constructor(fallback: { generateTraceId(): string; generateSpanId(): string }) {
    this.fallback = fallback;
  }
}

/** Loads the SDK and starts it with one batching exporter. Only now: whoever does not trace does not pay the half second it takes. */
export function startExporting(kind: Exclude<ExporterKind, 'none'>, options: SpanExportingOptions): SpanExporting {
  const { NodeSDK } = require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const sdkTrace = require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const { resourceFromAttributes } = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const decided = new DecidedSpan(new sdkTrace.RandomIdGenerator());
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: resourceFromAttributes({ 'service.name': options.serviceName, ...options.attributes }),
    idGenerator: decided,
    sampler: new sdkTrace.AlwaysOnSampler(),
    spanProcessors: [new sdkTrace.BatchSpanProcessor({ exporter: exporterOf(kind) })],
    logRecordProcessors: [],
    metricReaders: [],
    instrumentations: [],
    textMapPropagator: null,
  });
  sdk.start();
  const tracer = trace.getTracer('lateen');
  return {
    begin: (spanKind, name, context, parent) => begin(tracer, decided, spanKind, name, context, parent),
    shutdown: () => sdk.shutdown().catch((error: Error) => options.logger.warn(`traces were not all exported: ${error.message}`)),
  };
}

function exporterOf(kind: Exclude<ExporterKind, 'none'>) {
  if (kind === 'zipkin') {
    const { ZipkinExporter } = require('@opentelemetry/exporter-zipkin') as typeof import('@opentelemetry/exporter-zipkin');
    return new ZipkinExporter();
  }
  const { OTLPTraceExporter } =
    require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter();
}

function begin(
  tracer: Tracer,
  decided: DecidedSpan,
  kind: SpanKind,
  name: string,
  context: TraceContext,
  parent: TraceContext | undefined,
): MeshSpan {
  decided.context = context;
  try {
    const span = tracer.startSpan(
      name,
      { kind: kind === 'server' ? OtelSpanKind.SERVER : OtelSpanKind.CLIENT },
      parentContext(parent),
    );
    return new ExportedSpan(span);
  } finally {
    decided.context = undefined;
  }
}

function parentContext(parent: TraceContext | undefined): Context {
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

class ExportedSpan implements MeshSpan {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  set(key: string, value: string | number | boolean): void {
    this.#span.setAttribute(key, value);
  }

  end(status: number, flags: string, error?: string): void {
    if (status > 0) this.#span.setAttribute('http.response.status_code', status);
    if (flags !== '-') this.#span.setAttribute('response_flags', flags);
    if (error !== undefined || status === 0 || status >= 500) {
      this.#span.setStatus(error === undefined ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message: error });
    }
    this.#span.end();
  }
}
