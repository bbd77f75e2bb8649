import {
  Cell,
  type Clock,
  type EventSink,
  type MeshEventName,
  type MeshEvents,
  type Random,
  seededRandom,
  silentLogger,
  systemClock,
} from '@lateen/core';
import { type AccessLogEntry, createTracing, MeshMetrics } from '@lateen/telemetry';
import { EMPTY_REVISION, makeRevision, parseResources, type Revision } from '@lateen/resources';
import { type ClientOptions, createClient, type MeshClient } from '../../src/index.ts';
import { type FakeRegistry, fakeRegistry } from './fake-registry.ts';

export interface RecordedEvent<Name extends MeshEventName = MeshEventName> {
  readonly name: Name;
  readonly event: MeshEvents[Name];
}

export interface Harness {
  readonly client: MeshClient;
  readonly registry: FakeRegistry;
  readonly metrics: MeshMetrics;
  readonly log: AccessLogEntry[];
  readonly events: RecordedEvent[];
  apply(yaml: string): void;
}

export interface HarnessOptions extends Partial<ClientOptions> {
  readonly yaml?: string;
  readonly clock?: Clock;
  readonly random?: Random;
}

let revisionNumber = 0;

export function revisionOf(yaml: string): Revision {
  if (!yaml) return EMPTY_REVISION;
  const { resources, findings } = parseResources(yaml, { file: 'mesh/test.yaml', defaultNamespace: 'default' });
  const errors = findings.filter(({ level }) => level === 'Error');
  if (errors.length > 0) throw new Error(errors.map(({ message, reference }) => `${reference} ${message}`).join('\n'));
  return makeRevision(resources, { number: ++revisionNumber, author: 'test', time: 0 });
}

/** A client with everything real but discovery, which the test plays. */
export function harness(
  { yaml = '', ...options }: HarnessOptions = {},
  prepare: (registry: FakeRegistry) => void = () => {},
): Harness {
  const registry = fakeRegistry();
  prepare(registry);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? seededRandom(7);
  const metrics = new MeshMetrics({ logger: silentLogger });
  const revision = new Cell<Revision>(revisionOf(yaml));
  const log: AccessLogEntry[] = [];
  const events: RecordedEvent[] = [];
  const sink: EventSink = { emit: (name, event) => void events.push({ name, event } as RecordedEvent) };
  const client = createClient({
    clock,
    random,
    logger: silentLogger,
    events: sink,
    revision,
    registry,
    identity: undefined,
    metrics,
    tracing: createTracing({ serviceName: 'productpage', environment: {}, clock, random, logger: silentLogger }),
    accessLog: { enabled: true, write: (entry) => log.push(entry) },
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
    ...options,
  });
  return { client, registry, metrics, log, events, apply: (text) => revision.set(revisionOf(text)) };
}

/** The value of `istio_requests_total` over all series whose labels contain `wanted`. */
export async function requestsTotal(metrics: MeshMetrics, wanted: Record<string, string>): Promise<number> {
  const total = await metrics.registry.getSingleMetric('istio_requests_total')?.get();
  return (total?.values ?? [])
    .filter(({ labels }) => Object.entries(wanted).every(([name, value]) => (labels as Record<string, unknown>)[name] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
