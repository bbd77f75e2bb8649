import assert from 'node:assert/strict';
import type { CompileInput } from '../src/index.ts';
import { outcome, tableFrom, to, virtualService } from './support.ts';

function sidecar(spec: string, name = 'limit', namespace = 'default'): string {
  return `
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
}

const at = (yaml: string, url: string, more: Partial<CompileInput> = {}): string => outcome(tableFrom(yaml, more), to(url));
const RATINGS = 'http://ratings:9080/';
const ORDERS = 'http://orders.prod:9080/';
const ORDERS_CLUSTER = 'outbound|9080||orders.prod.svc.cluster.local';

describe('Sidecar', () => {
  it('hides what its egress hosts leave out, and nothing where there is none', () => {
    assert.equal(at(sidecar('{ egress: [{ hosts: ["./*"] }] }'), ORDERS), 'passthrough');
    assert.equal(at(sidecar('{ egress: [{ hosts: ["./*", "prod/orders.prod.svc.cluster.local"] }] }'), ORDERS), ORDERS_CLUSTER);
    assert.equal(at(sidecar('{ egress: [{ hosts: ["*/*", "~prod/*"] }] }'), ORDERS), 'passthrough');
    assert.equal(at(sidecar('{ egress: [{ hosts: ["~/*"] }] }'), RATINGS), 'passthrough');
    assert.equal(at(sidecar('{ inboundConnectionPool: { http: { http2MaxRequests: 1 } } }'), ORDERS), ORDERS_CLUSTER);
  });

  it('hides the rules of namespaces it leaves out with their services', () => {
    const rule = virtualService('orders.prod.svc.cluster.local', '- directResponse: { status: 299 }');
    assert.equal(at(rule, ORDERS), '299');
    assert.equal(at(rule + sidecar('{ egress: [{ hosts: ["prod/*"] }] }'), ORDERS), ORDERS_CLUSTER);
    assert.equal(at(rule + sidecar('{ egress: [{ hosts: ["prod/*", "./*"] }] }'), ORDERS), '299');
  });

  it('keeps clusters that visible rules lead to', () => {
    const rule = virtualService('ratings', '- route: [{ destination: { host: orders.prod.svc.cluster.local } }]');
    const table = tableFrom(rule + sidecar('{ egress: [{ hosts: ["./*"] }] }'));
    assert.equal(outcome(table, to(RATINGS)), ORDERS_CLUSTER);
    assert.ok(table.clusters.has(ORDERS_CLUSTER));
    assert.ok(!table.clusters.has('outbound|9080||reviews.prod.svc.cluster.local'));
  });

  it('has a listener of its own for a port, and on other ports the one without', () => {
    const yaml = sidecar(
      '{ egress: [{ port: { number: 9080, protocol: HTTP, name: http }, hosts: ["prod/*"] }, { hosts: ["./*"] }] }',
    );
    assert.equal(at(yaml, ORDERS), ORDERS_CLUSTER);
    assert.equal(at(yaml, RATINGS), 'passthrough');
    assert.equal(at(yaml, 'http://httpbin:8000/'), 'outbound|8000||httpbin.default.svc.cluster.local');
    assert.equal(
      at(sidecar('{ egress: [{ port: { number: 80, protocol: HTTP, name: http }, hosts: ["*/*"] }] }'), RATINGS),
      'passthrough',
    );
  });

  it('counts by selector before the namespace’s, and the root namespace’s last', () => {
    const wide = sidecar('{ egress: [{ hosts: ["*/*"] }] }', 'wide');
    const mine = sidecar('{ workloadSelector: { labels: { app: client } }, egress: [{ hosts: ["./*"] }] }', 'zz');
    const others = sidecar('{ workloadSelector: { labels: { app: other } }, egress: [{ hosts: ["~/*"] }] }', 'aa');
    const root = sidecar('{ egress: [{ hosts: ["./*"] }] }', 'root', 'istio-system');
    assert.equal(at(wide + mine + others, ORDERS), 'passthrough');
    assert.equal(at(wide + others, ORDERS), ORDERS_CLUSTER);
    assert.equal(at(root, ORDERS), 'passthrough');
    assert.equal(at(root + wide, ORDERS), ORDERS_CLUSTER);
    assert.equal(at(root, RATINGS), 'outbound|9080||ratings.default.svc.cluster.local');
  });

  it('decides what becomes of unknown hosts; a policy without a mode is REGISTRY_ONLY', () => {
    const unknown = 'http://unknown.test/';
    assert.equal(at(sidecar('{ outboundTrafficPolicy: {} }'), unknown), 'refused');
    assert.equal(
      at(sidecar('{ outboundTrafficPolicy: { mode: ALLOW_ANY } }'), unknown, { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
      'passthrough',
    );
    assert.equal(at(sidecar('{ egress: [{ hosts: ["./*"] }] }'), unknown, { outboundTrafficPolicy: 'REGISTRY_ONLY' }), 'refused');
    assert.equal(at('', unknown, { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } }), 'refused');
  });

  it('tells in an explanation that it hides a host', () => {
    const { reason } = tableFrom(sidecar('{ egress: [{ hosts: ["./*"] }] }')).explainMatch(to(ORDERS));
    assert.match(reason.join('\n'), /the Sidecar \(mesh\/test\.yaml:\d+\) hides orders\.prod\.svc\.cluster\.local/);
  });
});
