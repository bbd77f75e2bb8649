import {
  Cell,
  channelSink,
  constant,
  type Endpoint,
  type EndpointSet,
  seededRandom,
  silentLogger,
  systemClock,
} from '@lateen/core';
import { type ClientOptions, createClient, type MeshClient } from '@lateen/client';
import type { Registry, ServiceDescription } from '@lateen/discovery';
import { makeRevision, parseResources } from '@lateen/resources';
import { createTracing, MeshMetrics, type MeshTracing } from '@lateen/telemetry';

const HOST = 'reviews.default.svc.cluster.local';
export const PORT = 9080;
export const ORIGIN = `http://reviews:${PORT}`;

/** A rule with a match, a timeout of its own and retries, and a policy with outlier detection: everything on. */
const RULES = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { end-user: { exact: jason } } }]
      route: [{ destination: { host: reviews, subset: v2 } }]
    - retries: { attempts: 2, perTryTimeout: 10s, retryOn: "connect-failure,refused-stream,503" }
      timeout: TIMEOUT
      route: [{ destination: { host: reviews, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 }
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
`;

export interface MeshUnderTestOptions {
  readonly ports: readonly number[];
  readonly tls?: 'mutual' | 'none';
  readonly identity?: ClientOptions['identity'];
  readonly tracing?: MeshTracing;
  readonly createTransport?: ClientOptions['createTransport'];
  /** Whether the route has a timeout, which costs a header that tells it. Default false. */
  readonly deadline?: boolean;
}

export function meshUnderTest(options: MeshUnderTestOptions): MeshClient {
  const clock = systemClock;
  const text = options.deadline ? RULES.replace('TIMEOUT', '15s') : RULES.replace('      timeout: TIMEOUT\n', '');
  const { resources, findings } = parseResources(text, { file: 'bench.yaml', defaultNamespace: 'default' });
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('\n'));
  return createClient({
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    events: channelSink,
    revision: new Cell(makeRevision(resources, { number: 1, author: 'bench', time: 0 })),
    registry: registryOf(options.ports.map((port) => endpoint(port, options.tls ?? 'none'))),
    identity: options.identity,
    metrics: new MeshMetrics({ logger: silentLogger }),
    tracing: options.tracing ?? tracingWithout(),
    accessLog: { enabled: false, write() {} },
    self: {
      service: 'productpage',
      namespace: 'default',
      labels: { app: 'productpage', version: 'v1' },
      workload: 'productpage-v1',
      serviceAccount: 'productpage',
      instance: 'productpage-v1-000001',
      version: 'v1',
    },
    defaults: 'lateen',
    errors: 'natural',
    protocol: 'auto',
    outboundTrafficPolicy: 'ALLOW_ANY',
    ...(options.createTransport ? { createTransport: options.createTransport } : {}),
  });
}

/** Contexts are propagated, nothing is exported. */
export function tracingWithout(): MeshTracing {
  return createTracing({
    serviceName: 'bench',
    environment: {},
    clock: systemClock,
    random: seededRandom(2),
    logger: silentLogger,
  });
}

/** 1 % sampled, exported by OTLP to `collector`. */
export function tracingAtOnePercent(collector: string): MeshTracing {
  return createTracing({
    serviceName: 'bench',
    environment: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector },
    samplingRatio: 0.01,
    clock: systemClock,
    random: seededRandom(2),
    logger: silentLogger,
  });
}

function endpoint(port: number, tls: 'mutual' | 'none'): Endpoint {
  return {
    key: `reviews-v1-${port}`,
    address: '127.0.0.1',
    port,
    labels: { app: 'reviews', version: 'v1' },
    weight: 1,
    locality: '',
    tls,
    protocols: ['http/1.1'],
    workload: 'reviews-v1',
    namespace: 'default',
    serviceAccount: 'reviews',
  };
}

function registryOf(endpoints: readonly Endpoint[]): Registry {
  const service: ServiceDescription = {
    host: HOST,
    name: 'reviews',
    namespace: 'default',
    ports: [{ number: PORT, name: 'http', protocol: 'HTTP' }],
    location: 'mesh',
    resolution: 'registry',
    identities: ['spiffe://cluster.local/ns/default/sa/reviews'],
    origin: undefined,
  };
  const set: EndpointSet = { endpoints, version: 1, ready: true, staleSince: 0 };
  return {
    name: 'bench',
    services: constant([service]),
    ready: constant(true),
    staleSince: constant(0),
    endpoints: () => constant(set),
    close: async () => {},
  };
}
