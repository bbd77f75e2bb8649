import { createRequire } from 'node:module';
import type { Context, Tracer } from '@opentelemetry/api';
import { type Clock, type Logger, sleep, type TraceContext } from '@lateen/core';
import { ExportedSpan } from './exported-span.ts';
import type { MeshSpan, SpanKind } from './mesh-tracing.ts';
import { type OtelApi, startPrivately } from './private-sdk.ts';
import type { ExporterKind } from './tracing-settings.ts';

export interface SpanExportingOptions {
  readonly serviceName: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The way of sampled spans into OpenTelemetry. */
export interface SpanExporting {
  begin(kind: SpanKind, name: string, context: TraceContext, parent: TraceContext | undefined): MeshSpan;
  shutdown(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** A collector that does not answer must not hold up the end of the process. */
const SHUTDOWN_MS = 3_000;

/** Ids and decision of the span being begun are ours already; the SDK asks for them in the middle of `startSpan`. */
class DecidedIds {
  context: TraceContext | undefined;

  generateTraceId(): string {
    return this.#begun().traceId;
  }

  generateSpanId(): string {
    return this.#begun().spanId;
  }

  #begun(): TraceContext {
    if (!this.context) throw new Error('a span was begun past the mesh');
    return this.context;
  }
}

/** Loads the SDK and starts it with one batching exporter. Only now: whoever does not trace does not pay the half second it takes. */
export function startExporting(kind: Exclude<ExporterKind, 'none'>, options: SpanExportingOptions): SpanExporting {
  const api = require('@opentelemetry/api') as OtelApi;
  const { NodeSDK } = require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const { AlwaysOnSampler, BatchSpanProcessor } =
    require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const { resourceFromAttributes } = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const ids = new DecidedIds();
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: resourceFromAttributes({ 'service.name': options.serviceName, ...options.attributes }),
    idGenerator: ids,
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter: exporterOf(kind) })],
    logRecordProcessors: [],
    metricReaders: [],
    instrumentations: [],
    textMapPropagator: null,
  });
  const spans = new SpanBeginner(api, startPrivately(sdk, api).getTracer('lateen'), ids);
  const { clock, logger } = options;
  return {
    begin: (spanKind, name, context, parent) => spans.begin(spanKind, name, context, parent),
    async shutdown() {
      const flushed = sdk.shutdown().catch((error: Error) => logger.warn(`traces were not all exported: ${error.message}`));
      await Promise.race([flushed, sleep(clock, SHUTDOWN_MS)]);
    },
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

class SpanBeginner {
  readonly #api: OtelApi;
  readonly #tracer: Tracer;
  readonly #ids: DecidedIds;

  constructor(api: OtelApi, tracer: Tracer, ids: DecidedIds) {
    this.#api = api;
    this.#tracer = tracer;
    this.#ids = ids;
  }

  begin(kind: SpanKind, name: string, context: TraceContext, parent: TraceContext | undefined): MeshSpan {
    const { SERVER, CLIENT } = this.#api.SpanKind;
    this.#ids.context = context;
    try {
      const isServer = kind === 'server';
      const below = this.#below(parent, isServer);
      return new ExportedSpan(this.#tracer.startSpan(name, { kind: isServer ? SERVER : CLIENT }, below));
    } finally {
      this.#ids.context = undefined;
    }
  }

  #below(parent: TraceContext | undefined, isRemote: boolean): Context {
    const { ROOT_CONTEXT, trace, TraceFlags } = this.#api;
    if (!parent) return ROOT_CONTEXT;
    const { traceId, spanId } = parent;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote });
  }
}
