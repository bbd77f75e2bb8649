import assert from 'node:assert/strict';
import { silentLogger } from '@lateen/core';
import type { AccessLogEntry, SeriesKey } from '../../src/index.ts';
import { MeshMetrics } from '../../src/metrics/mesh-metrics.ts';
import type { PolicyEnvironment } from '../../src/policy/expressions.ts';
import type { RequestFacts } from '../../src/policy/request-facts.ts';
import { compileTelemetry, DEFAULT_TELEMETRY } from '../../src/policy/telemetry-policy.ts';
import type { TelemetryResource } from '../../src/policy/telemetry-resource.ts';

const problems: string[] = [];
const ENVIRONMENT: PolicyEnvironment = {
  regex: (pattern) => (text) => new RegExp(pattern).test(text),
  variables: { REGION: 'eu' },
  problem: (message) => problems.push(message),
};
const WORKLOAD = { namespace: 'shop', labels: { app: 'cart' }, rootNamespace: 'istio-system' };

type Spec = TelemetryResource['spec'];

const telemetry = (spec: Spec, namespace = 'shop', name = 'a', creationTimestamp?: string): TelemetryResource => ({
  metadata: { name, namespace, ...(creationTimestamp ? { creationTimestamp } : {}) },
  spec,
});
const SELECTED = { selector: { matchLabels: { app: 'cart' } } };
const compile = (...telemetries: TelemetryResource[]) => compileTelemetry(telemetries, WORKLOAD, ENVIRONMENT);

const peer = (workload: string, version = 'v1') => ({
  workload,
  namespace: 'shop',
  principal: 'unknown',
  app: workload,
  version,
});
const KEY: SeriesKey = {
  reporter: 'source',
  source: peer('cart'),
  destination: peer('stock', 'v2'),
  destinationService: 'stock.shop.svc.cluster.local',
  destinationServiceName: 'stock',
  destinationServiceNamespace: 'shop',
  securityPolicy: 'unknown',
};

const ENTRY: AccessLogEntry = {
  direction: 'outbound',
  startTime: 0,
  method: 'GET',
  path: '/items/7?full=1',
  protocol: 'HTTP/1.1',
  status: 200,
  flags: '-',
  requestBytes: 10,
  responseBytes: 20,
  durationMs: 5,
  authority: 'stock:8080',
  requestId: 'id',
  userAgent: 'curl/8',
  upstreamHost: '10.0.0.7:41000',
  cluster: 'outbound|8080||stock.shop.svc.cluster.local',
  routeName: 'items',
  attempts: 1,
  principal: '',
  traceId: '',
  policy: '',
};

const facts = (entry: Partial<AccessLogEntry> = {}, part: Partial<RequestFacts> = {}): RequestFacts => ({
  entry: { ...ENTRY, ...entry },
  requestHeaders: ['X-User', 'jason'],
  responseHeaders: ['Content-Type', 'application/json'],
  scheme: 'http',
  source: KEY.source,
  destination: KEY.destination,
  destinationService: KEY.destinationService,
  isMutualTls: true,
  ...part,
});

async function samples(metrics: MeshMetrics, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`));
}

describe('compileTelemetry', () => {
  it('is the default where nothing speaks to the workload', () => {
    assert.equal(compile(), DEFAULT_TELEMETRY);
    assert.equal(
      compile(telemetry({ selector: { matchLabels: { app: 'other' } } }), telemetry({}, 'elsewhere')),
      DEFAULT_TELEMETRY,
    );
  });

  it('lets the nearest level decide each field: mesh, namespace, workload', () => {
    const { tracing } = compile(
      telemetry({ ...SELECTED, tracing: [{ customTags: { near: { literal: { value: '3' } } } }] }, 'shop', 'w'),
      telemetry({ tracing: [{ randomSamplingPercentage: 50 }] }),
      telemetry(
        {
          tracing: [
            { randomSamplingPercentage: 10, disableSpanReporting: true, customTags: { far: { literal: { value: '1' } } } },
          ],
        },
        'istio-system',
      ),
    );
    assert.equal(tracing.client.samplingRatio, 0.5);
    assert.equal(tracing.client.reports, false);
    assert.deepEqual(tracing.client.tags, [['near', '3']]);
  });

  it('takes the oldest of two on one level', () => {
    const { tracing } = compile(
      telemetry({ tracing: [{ randomSamplingPercentage: 1 }] }, 'shop', 'a', '2022-01-01T00:00:00Z'),
      telemetry({ tracing: [{ randomSamplingPercentage: 2 }] }, 'shop', 'b', '2021-01-01T00:00:00Z'),
    );
    assert.equal(tracing.client.samplingRatio, 0.02);
  });

  describe('tracing', () => {
    it('is said for one side or both', () => {
      const { tracing } = compile(
        telemetry({
          tracing: [
            { match: { mode: 'SERVER' }, randomSamplingPercentage: 5, disableContextPropagation: true },
            { match: { mode: 'CLIENT' }, randomSamplingPercentage: 7, enableIstioTags: false },
          ],
        }),
      );
      assert.deepEqual([tracing.server.samplingRatio, tracing.client.samplingRatio], [0.05, 0.07]);
      assert.deepEqual([tracing.server.propagates, tracing.client.propagates], [false, true]);
      assert.deepEqual([tracing.server.istioTags, tracing.client.istioTags], [true, false]);
    });

    it('tags with literals, variables and headers', () => {
      const { client } = compile(
        telemetry({
          tracing: [
            {
              customTags: {
                literal: { literal: { value: 'a' } },
                region: { environment: { name: 'REGION' } },
                zone: { environment: { name: 'ZONE', defaultValue: 'none' } },
                missing: { environment: { name: 'NOBODY' } },
                user: { header: { name: 'X-User' } },
                tenant: { header: { name: 'x-tenant', defaultValue: 'public' } },
                absent: { header: { name: 'x-absent' } },
              },
            },
          ],
        }),
      ).tracing;
      assert.deepEqual(client.tags, [
        ['literal', 'a'],
        ['region', 'eu'],
        ['zone', 'none'],
      ]);
      assert.deepEqual(client.headerTags?.(['x-user', 'jason']), [
        ['user', 'jason'],
        ['tenant', 'public'],
      ]);
    });
  });

  describe('metrics', () => {
    const overrides = (...list: NonNullable<NonNullable<Spec['metrics']>[number]['overrides']>[number][]) =>
      compile(telemetry({ metrics: [{ overrides: list }] })).metrics;

    it('are not told where they are disabled, for the side that is said', async () => {
      const metrics = new MeshMetrics({ logger: silentLogger });
      metrics.series(KEY).record(200, '-', 1, 2, 3);
      metrics.series({ ...KEY, reporter: 'destination' }).record(200, '-', 1, 2, 3);
      metrics.apply(overrides({ match: { metric: 'REQUEST_COUNT', mode: 'CLIENT' }, disabled: true }));
      const told = await samples(metrics, 'istio_requests_total');
      assert.deepEqual(
        told.map((line) => /reporter="(\w+)"/.exec(line)?.[1]),
        ['destination'],
      );
      assert.equal((await samples(metrics, 'istio_request_bytes_count')).length, 2);
      metrics.apply(DEFAULT_TELEMETRY.metrics);
      assert.equal((await samples(metrics, 'istio_requests_total')).length, 2);
    });

    it('lose a label, and what differed by it alone is added up', async () => {
      const metrics = new MeshMetrics({ logger: silentLogger });
      metrics.apply(
        overrides({ tagOverrides: { response_code: { operation: 'REMOVE' }, response_flags: { operation: 'REMOVE' } } }),
      );
      const series = metrics.series(KEY);
      series.record(200, '-', 1, 2, 3);
      series.record(503, 'UF', 1, 2, 3);
      const told = await samples(metrics, 'istio_requests_total');
      assert.equal(told.length, 1);
      assert.match(told[0] as string, /} 2$/);
      assert.doesNotMatch(told[0] as string, /response_code|response_flags/);
    });

    it('lose a label of one metric only', async () => {
      const metrics = new MeshMetrics({ logger: silentLogger });
      metrics.apply(
        overrides({ match: { metric: 'REQUEST_DURATION' }, tagOverrides: { response_code: { operation: 'REMOVE' } } }),
      );
      const series = metrics.series(KEY);
      series.record(200, '-', 1, 2, 3);
      series.record(404, '-', 4, 2, 3);
      assert.equal((await samples(metrics, 'istio_requests_total')).length, 2);
      const counts = await samples(metrics, 'istio_request_duration_milliseconds_count');
      assert.equal(counts.length, 1);
      assert.match(counts[0] as string, /} 2$/);
      assert.match((await samples(metrics, 'istio_request_duration_milliseconds_sum'))[0] as string, /} 5$/);
    });

    it('get labels by expressions that hold for the whole series, without asking any request', async () => {
      const policy = overrides({
        tagOverrides: {
          code_class: { value: 'string(response.code / 100) + "xx"' },
          destination_version: { value: 'upstream_peer.version == "v2" ? "two" : "other"' },
        },
      });
      assert.equal(policy.client.variant, undefined);
      const metrics = new MeshMetrics({ logger: silentLogger });
      metrics.apply(policy);
      metrics.series(KEY).record(404, '-', 1, 2, 3);
      assert.match((await samples(metrics, 'istio_requests_total'))[0] as string, /destination_version="two".*code_class="4xx"/);
    });

    it('get labels by what each request says', async () => {
      const metrics = new MeshMetrics({ logger: silentLogger });
      metrics.apply(
        overrides({
          tagOverrides: {
            method: { value: 'request.method' },
            user: { operation: 'UPSERT', value: 'request.headers["x-user"]' },
            port: { value: 'string(destination.port)' },
            nothing: { value: 'request.headers["x-nothing"]' },
          },
        }),
      );
      const series = metrics.series(KEY);
      for (const method of ['GET', 'GET', 'POST']) series.recordFacts(facts({ method }));
      const told = await samples(metrics, 'istio_requests_total');
      assert.deepEqual(
        told.map((line) => /method="(\w+)",user="(\w+)",port="(\w+)",nothing="(\w+)"} (\d)/.exec(line)?.slice(1)),
        [
          ['GET', 'jason', '8080', 'unknown', '2'],
          ['POST', 'jason', '8080', 'unknown', '1'],
        ],
      );
    });

    it('take over a change while series are in use, and find their numbers again when it goes', async () => {
      const metrics = new MeshMetrics({ logger: silentLogger });
      const series = metrics.series(KEY);
      series.record(200, '-', 1, 2, 3);
      metrics.apply(overrides({ tagOverrides: { team: { value: '"shop"' } } }));
      series.record(200, '-', 1, 2, 3);
      metrics.apply(DEFAULT_TELEMETRY.metrics);
      series.record(200, '-', 1, 2, 3);
      const told = await samples(metrics, 'istio_requests_total');
      assert.deepEqual(
        told.map((line) => [line.includes('team="shop"'), line.at(-1)]),
        [
          [false, '2'],
          [true, '1'],
        ],
      );
    });

    it('add up overrides of all levels; the nearest wins where both speak', () => {
      const { metrics } = compile(
        telemetry(
          {
            metrics: [
              {
                overrides: [
                  { disabled: true },
                  { match: { metric: 'REQUEST_COUNT' }, tagOverrides: { a: { operation: 'REMOVE' } } },
                ],
              },
            ],
          },
          'istio-system',
        ),
        telemetry({ metrics: [{ overrides: [{ match: { customMetric: 'requests_total' }, disabled: false }] }] }),
      );
      assert.equal(metrics.client.metrics.REQUEST_COUNT.disabled, false);
      assert.equal(metrics.client.metrics.REQUEST_COUNT.tags[0]?.tag, 'a');
      assert.equal(metrics.client.metrics.REQUEST_SIZE.disabled, true);
    });

    it('that are for other providers are not ours', () => {
      const { metrics } = compile(telemetry({ metrics: [{ providers: [{ name: 'stackdriver' }] }] }));
      assert.equal(metrics.client.metrics.REQUEST_COUNT.disabled, true);
    });

    it('go on without an expression that cannot be asked, and say so', () => {
      problems.length = 0;
      const policy = overrides({ tagOverrides: { a: { value: 'metadata.x' } } });
      assert.deepEqual(policy.client.metrics.REQUEST_COUNT.tags, []);
      assert.match(problems.join(), /"metadata\.x" is left out: the attribute metadata\.x is not available/);
    });
  });

  describe('accessLogging', () => {
    const logging = (...blocks: NonNullable<Spec['accessLogging']>) => compile(telemetry({ accessLogging: blocks })).logging;
    const ENVOY = { providers: [{ name: 'envoy' }] };

    it('is switched on by naming the provider, and off by disabled', () => {
      assert.equal(logging(ENVOY).client.enabled, true);
      assert.equal(logging({ ...ENVOY, disabled: true }).client.enabled, false);
      assert.equal(logging({}).client.enabled, undefined);
      assert.equal(logging({ providers: [{ name: 'otel' }] }).client.enabled, undefined);
    });

    it('is said for one side or both', () => {
      const { client, server } = logging({ ...ENVOY, match: { mode: 'SERVER' } });
      assert.deepEqual([client.enabled, server.enabled], [undefined, true]);
    });

    it('keeps what the filter is true for', () => {
      const keeps = (expression: string, entry: Partial<AccessLogEntry>): boolean | undefined =>
        logging({ ...ENVOY, filter: { expression } }).client.keeps?.(facts(entry));
      assert.equal(keeps('response.code >= 400', { status: 404 }), true);
      assert.equal(keeps('response.code >= 400', { status: 200 }), false);
      assert.equal(keeps('request.url_path.startsWith("/items") && request.headers["x-user"] == "jason"', {}), true);
      assert.equal(keeps('request.headers["x-nothing"] == "a"', {}), false);
      assert.equal(keeps('response.headers["content-type"].matches("json$")', {}), true);
      assert.equal(keeps('request.duration > duration("4ms") && xds.cluster_name.startsWith("outbound")', {}), true);
    });

    it('is enabled again below a level that disabled it', () => {
      const { client } = compile(
        telemetry({ accessLogging: [{ disabled: true }] }, 'istio-system'),
        telemetry({ accessLogging: [{ filter: { expression: 'response.code == 500' } }] }),
      ).logging;
      assert.equal(client.enabled, true);
      assert.equal(client.keeps?.(facts({ status: 500 })), true);
    });
  });
});
