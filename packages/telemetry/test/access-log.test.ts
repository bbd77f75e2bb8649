import assert from 'node:assert/strict';
import { type AccessLogEntry, createAccessLog } from '../src/access-log/access-log.ts';

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
  it("writes Envoy's text form", () => {
    assert.equal(
      written('text'),
      '[2026-01-02T03:04:05.678Z] "GET /reviews/7?full=1 HTTP/1.1" 503 URX,UF via_upstream - "mesh/reviews.yaml:31" 10 19 13 3 "-" ' +
        '"curl/8" "0f3e" "reviews:9080" "10.0.0.7:9080" outbound|9080|v1|reviews.default.svc.cluster.local ' +
        'spiffe://cluster.local/ns/default/sa/productpage /reviews/:id\n',
    );
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
});
