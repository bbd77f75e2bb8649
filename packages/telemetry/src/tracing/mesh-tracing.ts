import type { RawHeaders, TraceContext } from '@lateen/core';
import type { TelemetrySide } from '../policy/telemetry-resource.ts';
import type { TracingPolicy } from '../policy/tracing-policy.ts';

export type SpanKind = 'server' | 'client' | 'attempt';

/** A span that will be exported. Ends once. */
export interface MeshSpan {
  /** When its name is known only later: a route that matched. */
  rename(name: string): void;
  set(key: string, value: string | number | boolean): void;
  /** @param flags Envoy's; `-` for none */
  end(status: number, flags: string, error?: string): void;
}

/** Trace contexts for every request, spans for the sampled ones. */
export interface MeshTracing {
  /** Whether an exporter is configured; without one contexts are still propagated, and no span is made. */
  readonly exporting: boolean;
  /** A new span below `parent` in the same trace and with its decision; without a parent a new trace, decided here. @param side default `client` */
  child(parent: TraceContext | undefined, side?: TelemetrySide): TraceContext;
  /** Appends the propagation headers. */
  inject(context: TraceContext, headers: RawHeaders): void;
  /**
   * The caller's context. `full`: a mesh peer, its decision counts. `edge`: anybody; their ids are kept, their wish to be sampled is granted up to
   * a rate, and otherwise it is decided here.
   */
  extract(headers: readonly string[], trust: 'full' | 'edge'): TraceContext | undefined;
  /**
   * Begins a span; undefined unless the context is sampled, there is an exporter, and no policy forbids it.
   *
   * @param headers the request's, raw pairs, for tags that a policy takes from them
   */
  span(
    kind: SpanKind,
    name: string,
    context: TraceContext,
    parent: TraceContext | undefined,
    headers?: readonly string[],
  ): MeshSpan | undefined;
  /** From now on: what is sampled, reported, tagged and passed on. */
  apply(policy: TracingPolicy): void;
  /** Exports what is left, then stops. Never rejects. */
  shutdown(): Promise<void>;
}
