import assert from 'node:assert/strict';
import { createAccessLog } from '../src/access-log/access-log.ts';
import type { AccessLogEntry } from '../src/access-log/access-log-entry.ts';

const entry: AccessLogEntry = {
  direction: 'inbound',
  startTime: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  method: 'GET',
  path: '/reviews/7?full=1',
  protocol: 'HTTP/1.1',
  status: 503,
  flags: 'URX,UF',
  requestBytes: 10,
  responseBytes: 19,
  durationMs: 12.6,
  authority: 'reviews:9080',
  requestId: '0f3e',
  userAgent: 'curl/8',
  upstreamHost: '10.0.0.7:9080',
  cluster: 'outbound|9080|v1|reviews.default.svc.cluster.local',
  routeName: '/reviews/:id',
  attempts: 3,
  principal: 'spiffe://cluster.local/ns/default/sa/productpage',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  policy: 'mesh/reviews.yaml:31',
};

function written(format: 'text' | 'json', changed: Partial<AccessLogEntry> = {}): string {
  const lines: string[] = [];
  createAccessLog(format, { write: (line) => lines.push(line) }).write({ ...entry, ...changed });
  return lines.join('');
}

describe('createAccessLog', () => {
  it("writes Istio's default form", () => {
    const answered = { status: 418, flags: '-', policy: '', requestBytes: 0, responseBytes: 135, serviceTime: '4' };
    assert.equal(
      written('text', { ...answered, forwardedFor: '10.0.0.9', localAddress: '10.0.0.7:8080', remoteAddress: '10.0.0.9:5000' }),
      '[2026-01-02T03:04:05.678Z] "GET /reviews/7?full=1 HTTP/1.1" 418 - via_upstream - "-" 0 135 13 4 "10.0.0.9" "curl/8" "0f3e" ' +
        '"reviews:9080" "10.0.0.7:9080" outbound|9080|v1|reviews.default.svc.cluster.local - 10.0.0.7:8080 10.0.0.9:5000 - /reviews/:id\n',
    );
  });

  it('tells where an answer of the mesh came from, and by which rule', () => {
    assert.match(written('text', { flags: 'FI' }), / 503 FI fault_filter_abort - "mesh\/reviews\.yaml:31" 10 /);
    assert.match(written('text'), / URX,UF upstream_reset_before_response_started\{remote_connection_failure\} - /);
    assert.match(written('text', { flags: '-', upstreamHost: '', policy: '' }), / 503 - direct_response - "-" /);
    assert.match(written('text', { status: 0, flags: 'DC', upstreamHost: '' }), / 0 DC downstream_remote_disconnect - /);
  });

  it('writes one JSON object a line', () => {
    const line = written('json');
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.deepEqual(JSON.parse(line), { ...entry, startTime: '2026-01-02T03:04:05.678Z' });
  });

  it('keeps a caller from writing fields of its own', () => {
    assert.match(written('text', { userAgent: 'x" "admin' }), / "x' 'admin" "0f3e" /);
  });

  it('writes nothing when it is off', () => {
    const log = createAccessLog('off', { write: () => assert.fail('was written to') });
    assert.equal(log.enabled, false);
    log.write(entry);
  });

  it('hands the entries themselves to a function', () => {
    const told: AccessLogEntry[] = [];
    createAccessLog((one) => told.push(one)).write(entry);
    assert.deepEqual(told, [entry]);
  });

  it('is switched on and off by a policy, and back to what it was', () => {
    const lines: string[] = [];
    const log = createAccessLog('off', { write: (line) => lines.push(line) });
    const side = { enabled: undefined, keeps: undefined };
    log.apply({ ...side, enabled: true });
    assert.equal(log.enabled, true);
    log.write(entry);
    log.apply({ ...side, enabled: false });
    log.write(entry);
    log.apply(side);
    assert.deepEqual([log.enabled, lines.length], [false, 1]);
  });

  it('leaves out what a filter does not keep', () => {
    const told: number[] = [];
    const log = createAccessLog(({ status }) => told.push(status));
    log.apply({ enabled: undefined, keeps: ({ entry: { status } }) => status >= 400 });
    for (const status of [200, 404, 503]) log.write({ ...entry, status });
    assert.deepEqual(told, [404, 503]);
  });
});
