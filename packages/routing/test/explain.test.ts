import assert from 'node:assert/strict';
import { destinationRule, tableFrom, to, virtualService } from './support.ts';

const YAML =
  virtualService(
    'reviews',
    `- match: [{ gateways: [edge] }]
  directResponse: { status: 299 }
- match: [{ headers: { end-user: { exact: jason } } }]
  route: [{ destination: { host: reviews, subset: v2 } }]
- route:
  - { destination: { host: reviews, subset: v1 }, weight: 90 }
  - { destination: { host: reviews, subset: v9 }, weight: 10 }`,
  ) +
  '---' +
  destinationRule('reviews', 'subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]');

describe('RouteTable.explainMatch', () => {
  const table = tableFrom(YAML);

  it('tells each step: host, what does not count, what is passed over and why, what decides', () => {
    const request = to('http://reviews:9080/x');
    const { match, reason } = table.explainMatch(request);
    assert.deepEqual(match, table.match(request));
    const text = reason.join('\n').replaceAll(/test\.yaml:\d+/g, 'test.yaml:N');
    assert.equal(
      text,
      `reviews:9080 on port 9080 is reviews.default.svc.cluster.local
rule 1 of VirtualService default/reviews (mesh/test.yaml:N) does not count here: it is for the gateways default/edge
rule 2 of VirtualService default/reviews (mesh/test.yaml:N) is passed over: not header end-user exact "jason"
rule 3 of VirtualService default/reviews (mesh/test.yaml:N) takes it: it takes every request
it leads to 90 % outbound|9080|v1|reviews.default.svc.cluster.local, 10 % outbound|9080|v9|reviews.default.svc.cluster.local
outbound|9080|v9|reviews.default.svc.cluster.local does not exist (host, port or subset unknown): 503 NC`,
    );
  });

  it('says what becomes of hosts nobody configured', () => {
    assert.match(table.explainMatch(to('http://nowhere/')).reason.join(), /nobody configured nowhere on port 80.*ALLOW_ANY/);
    const closed = tableFrom('', { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    assert.match(closed.explainMatch(to('http://nowhere/')).reason.join(), /REGISTRY_ONLY: 502/);
  });

  it('tells in order what the route does: faults, rewrite, destination, copies, timeout', () => {
    const http = `- fault: { delay: { fixedDelay: 300ms, percentage: { value: 1.5 } }, abort: { httpStatus: 418, percentage: { value: 100 } } }
  rewrite: { uri: /new, authority: other.test }
  match: [{ uri: { prefix: /old } }]
  timeout: 2s
  mirror: { host: details }
  mirrorPercentage: { value: 50 }
  route: [{ destination: { host: ratings } }]`;
    const { reason } = tableFrom(virtualService('reviews', http)).explainMatch(to('http://reviews:9080/old/x?y=1'));
    assert.deepEqual(reason.slice(2), [
      'a fault delays 1.5 % of the requests by 300ms',
      'a fault answers every request with 418',
      'its path becomes /new/x?y=1',
      'its host becomes other.test',
      'it leads to outbound|9080||ratings.default.svc.cluster.local',
      'a copy of 50 % of the requests goes to outbound|9080||details.default.svc.cluster.local',
      'its answer is waited for 2s',
    ]);
  });

  it('says of a service why it is not found', () => {
    const at = (url: string): string => table.explainMatch(to(url)).reason.join();
    assert.match(at('http://ratings:1234/'), /ratings\.default\.svc\.cluster\.local has no port 1234, only 9080/);
    const hidden = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: orders, namespace: prod }
spec: { hosts: [orders.prod.svc.cluster.local], exportTo: ["."], ports: [{ number: 9080, name: http, protocol: HTTP }], resolution: STATIC, location: MESH_INTERNAL }`;
    const told = tableFrom(hidden).explainMatch(to('http://orders.prod:9080/')).reason.join();
    assert.match(told, /orders\.prod\.svc\.cluster\.local is not exported to namespace default/);
  });

  it('says that no rule takes it', () => {
    const partial = tableFrom(virtualService('reviews', '- match: [{ uri: { exact: /a } }]\n  directResponse: { status: 211 }'));
    const { match, reason } = partial.explainMatch(to('http://reviews:9080/b'));
    assert.equal(match.kind, 'no-route');
    assert.equal(reason.at(-1), 'no rule takes it: 404 NR');
  });
});

describe('RouteTable.describe', () => {
  it('lists the rules of each host with conditions, action and place', () => {
    const rows = tableFrom(YAML)
      .describe()
      .filter(({ host }) => host === 'reviews.default.svc.cluster.local');
    assert.equal(rows.length, 2);
    assert.deepEqual(rows[0]?.conditions, ['header end-user exact "jason"']);
    assert.equal(rows[0]?.action, 'outbound|9080|v2|reviews.default.svc.cluster.local');
    assert.equal(rows[0]?.resource, 'VirtualService default/reviews');
    assert.equal(rows[0]?.file, 'mesh/test.yaml');
    assert.deepEqual(rows[1]?.domains.slice(-2), ['reviews.default', 'reviews']);
  });

  it('calls the route of an unruled service default', () => {
    const row = tableFrom('')
      .describe()
      .find(({ host }) => host === 'ratings.default.svc.cluster.local');
    assert.equal(row?.resource, 'default');
    assert.equal(row.ruleIndex, -1);
  });
});
