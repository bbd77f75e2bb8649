/** A span as both Jaeger and Zipkin can tell it. */
export interface SpanNode {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly service: string;
  readonly name: string;
  readonly kind: 'server' | 'client';
}

interface JaegerTrace {
  readonly spans: readonly {
    readonly spanID: string;
    readonly operationName: string;
    readonly processID: string;
    readonly references: readonly { readonly refType: string; readonly spanID: string }[];
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
  }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** The newest traces that Jaeger has of a service. */
export async function jaegerTraces(queryUrl: string, service: string): Promise<SpanNode[][]> {
  const { data } = (await (await fetch(`${queryUrl}/api/traces?service=${service}&limit=20`)).json()) as { data: JaegerTrace[] };
  return data.map(({ spans, processes }) =>
    spans.map((span) => ({
      id: span.spanID,
      parentId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
      service: processes[span.processID]?.serviceName ?? '',
      name: span.operationName,
      kind: span.tags.find(({ key }) => key === 'span.kind')?.value === 'server' ? 'server' : 'client',
    })),
  );
}

interface ZipkinSpan {
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: string;
  readonly localEndpoint: { readonly serviceName: string };
}

export async function zipkinTraces(url: string, service: string): Promise<SpanNode[][]> {
  const traces = (await (await fetch(`${url}/api/v2/traces?serviceName=${service}&limit=20`)).json()) as ZipkinSpan[][];
  return traces.map((spans) =>
    spans.map(({ id, parentId, name, kind, localEndpoint }) => ({
      id,
      parentId,
      service: localEndpoint.serviceName,
      name,
      kind: kind === 'SERVER' ? 'server' : 'client',
    })),
  );
}

/** From a span up to the root, services in between told once: `['ratings', 'reviews', 'productpage', 'gateway']`. */
export function servicesUpward(spans: readonly SpanNode[], from: SpanNode): string[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const services: string[] = [];
  for (let span: SpanNode | undefined = from; span; span = span.parentId === undefined ? undefined : byId.get(span.parentId)) {
    if (services.at(-1) !== span.service) services.push(span.service);
  }
  return services;
}
