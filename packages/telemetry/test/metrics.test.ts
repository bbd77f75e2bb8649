import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { silentLogger } from '@lateen/core';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { SeriesKey } from '../src/labels.ts';
import { BUCKET_BOUNDS, bucketOf } from '../src/metrics/buckets.ts';
import { MeshMetrics } from '../src/metrics/mesh-metrics.ts';

const workload = (app: string, version: string) => ({
  workload: `${app}-${version}`,
  namespace: 'default',
  principal: `spiffe://cluster.local/ns/default/sa/${app}`,
  app,
  version,
});
const key: SeriesKey = {
  reporter: 'source',
  source: workload('productpage', 'v1'),
  destination: workload('reviews', 'v2'),
  destinationService: 'reviews.default.svc.cluster.local',
  destinationServiceName: 'reviews',
  destinationServiceNamespace: 'default',
  securityPolicy: 'mutual_tls',
};
const LABELS = [
  'reporter',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
  'source_workload_namespace',
  'source_principal',
  'source_app',
  'source_version',
  'source_cluster',
  'destination_workload',
  'destination_workload_namespace',
  'destination_principal',
  'destination_app',
  'destination_version',
  'destination_service',
  'destination_canonical_service',
  'destination_canonical_revision',
  'destination_service_name',
  'destination_service_namespace',
  'destination_cluster',
  'request_protocol',
  'response_code',
  'grpc_response_status',
  'response_flags',
  'connection_security_policy',
];

describe('MeshMetrics', () => {
  it("writes Istio's names and labels, in Istio's order", async () => {
    const metrics = new MeshMetrics({ logger: silentLogger });
    metrics.series(key).record(200, '-', 3, 10, 2_000);
    metrics.series(key).record(200, '-', 700, 10, 2_000);
    const text = await metrics.text();
    const line = text.split('\n').find((entry) => entry.startsWith('istio_requests_total{')) as string;
    assert.deepEqual(
      [...line.matchAll(/(\w+)="/g)].map((match) => match[1]),
      LABELS,
    );
    assert.match(line, /connection_security_policy="unknown"\} 2$/);
    assert.match(text, /istio_request_duration_milliseconds_bucket\{le="5",[^}]*\} 1\n/);
    assert.match(text, /istio_request_duration_milliseconds_bucket\{le="1000",[^}]*\} 2\n/);
    assert.match(text, /istio_request_duration_milliseconds_sum\{[^}]*\} 703\n/);
    assert.match(text, /istio_response_bytes_bucket\{le="\+Inf",[^}]*\} 2\n/);
    assert.match(text, /istio_build\{component="lateen",tag="\d+\.\d+\.\d+"\} 1/);
  });

  it('tells the security of the connection on the destination side only', async () => {
    const metrics = new MeshMetrics({ logger: silentLogger });
    metrics.series({ ...key, reporter: 'destination' }).record(503, 'UH', 1, 0, 0);
    assert.match(
      await metrics.text(),
      /response_code="503",grpc_response_status="",response_flags="UH",connection_security_policy="mutual_tls"\} 1/,
    );
  });

  it('counts what exceeds the cap together, with one warning', async () => {
    const warnings: string[] = [];
    const metrics = new MeshMetrics({ logger: { ...silentLogger, warn: (message) => warnings.push(message) }, maxSeries: 3 });
    for (let status = 200; status < 210; status++) metrics.series(key).record(status, '-', 1, 1, 1);
    const requests = (await metrics.text()).split('\n').filter((line) => line.startsWith('istio_requests_total{'));
    assert.equal(requests.length, 4);
    assert.match(requests[3] as string, /destination_service="overflow".* 7$/);
    assert.equal(warnings.length, 1);
  });

  it('puts every value into the first bucket that holds it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (value) => {
        const expected = BUCKET_BOUNDS.findIndex((bound) => value <= bound);
        assert.equal(bucketOf(value), expected === -1 ? BUCKET_BOUNDS.length : expected);
      }),
    );
  });

  it('becomes part of an own registry', async () => {
    const metrics = new MeshMetrics({ logger: silentLogger });
    const own = new Registry();
    metrics.collectInto(own);
    metrics.series(key).record(200, '-', 1, 1, 1);
    assert.match(await own.metrics(), /istio_requests_total\{/);
  });

  it('counts route templates apart, up to the cap', async () => {
    const metrics = new MeshMetrics({ logger: silentLogger, maxSeries: 2 });
    metrics.routes.record('/reviews/:id', 'GET', 200, 7);
    metrics.routes.record('/reviews/:id', 'GET', 200, 70);
    for (const route of ['/a', '/b', '/c']) metrics.routes.record(route, 'GET', 200, 1);
    const text = await metrics.text();
    assert.match(
      text,
      /lateen_route_duration_milliseconds_bucket\{le="10",route="\/reviews\/:id",method="GET",response_code="200"\} 1/,
    );
    assert.match(text, /lateen_route_duration_milliseconds_count\{route="\/reviews\/:id",[^}]*\} 2/);
    assert.match(text, /lateen_route_duration_milliseconds_count\{route="\/a",[^}]*\} 1/);
    assert.match(text, /lateen_route_duration_milliseconds_count\{route="overflow",[^}]*\} 2/);
    assert.doesNotMatch(text, /route="\/b"/);
  });

  it("passes promtool, but for Istio's unit", async function () {
    if (spawnSync('promtool', ['--version']).status !== 0) return this.skip(); // Prometheus is not installed
    const metrics = new MeshMetrics({ logger: silentLogger });
    metrics.series(key).record(200, '-', 3, 10, 2_000);
    metrics.routes.record('/reviews/:id', 'GET', 200, 7);
    metrics
      .counter({ name: 'lateen_retries_total', help: 'Retries', labelNames: ['reason'] })
      .inc({ reason: 'a "quoted" \\ one' });
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await metrics.text(), encoding: 'utf8' });
    // The unit is Istio's, ours follows it, and it is promtool's one remark.
    const remarks = (stdout + stderr).trim().split('\n').toSorted();
    assert.deepEqual(
      remarks,
      ['istio_request', 'lateen_route'].map(
        (name) => `${name}_duration_milliseconds use base unit "seconds" instead of "milliseconds"`,
      ),
    );
  });
});
