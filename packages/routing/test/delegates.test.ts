import assert from 'node:assert/strict';
import { outcome, routeOf, tableFrom, to } from './support.ts';

const ROOT = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: default }
spec:
  hosts: [reviews]
  http:
`;

function child(http: string, more = '', namespace = 'default'): string {
  return `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: child, namespace: ${namespace} }
spec:
${more}
  http:
${http}
`;
}

const at = (yaml: string, path: string, headers: string[] = []): string =>
  outcome(tableFrom(yaml), to(`http://reviews:9080${path}`, { headers }));

describe('delegates', () => {
  it('stand in the place of the rule that leads to them, within its conditions', () => {
    const yaml =
      `${ROOT}  - match: [{ uri: { prefix: /a }, headers: { x: { exact: "1" } } }]\n    delegate: { name: child }\n  - directResponse: { status: 299 }` +
      child('  - match: [{ uri: { exact: /a/two } }]\n    directResponse: { status: 202 }\n  - directResponse: { status: 201 }');
    assert.equal(at(yaml, '/a/two', ['x', '1']), '202');
    assert.equal(at(yaml, '/a/other', ['x', '1']), '201');
    assert.equal(at(yaml, '/a/two'), '299');
  });

  it('leave out rules that reach beyond the root’s: another prefix, a regex, another header, other case', () => {
    const beyond = [
      'uri: { prefix: /b }',
      'uri: { regex: "/a.*" }',
      'headers: { x: { exact: "2" } }',
      'ignoreUriCase: true, uri: { prefix: /a }',
    ];
    for (const match of beyond) {
      const yaml =
        `${ROOT}  - match: [{ uri: { prefix: /a }, headers: { x: { exact: "1" } } }]\n    delegate: { name: child }\n  - directResponse: { status: 299 }` +
        child(`  - match: [{ ${match} }]\n    directResponse: { status: 202 }`);
      assert.equal(at(yaml, '/a/b', ['x', '1']), '299', match);
    }
  });

  it('take each block that they leave out from the root, and replace the others whole', () => {
    const yaml =
      `${ROOT}  - name: root\n    delegate: { name: child }\n    timeout: 3s\n    headers: { request: { set: { x-a: root, x-b: root } } }\n    mirror: { host: details }` +
      child(
        '  - name: own\n    match: [{ uri: { prefix: /own } }]\n    timeout: 1s\n    headers: { request: { set: { x-a: own } } }\n    route: [{ destination: { host: reviews } }]\n' +
          '  - route: [{ destination: { host: reviews } }]',
      );
    const table = tableFrom(yaml);
    const own = routeOf(table.match(to('http://reviews:9080/own')));
    assert.deepEqual(
      [own.name, own.timeoutMs, own.requestHeaders?.set, own.mirrors.length],
      ['root-own', 1_000, [['x-a', 'own']], 1],
    );
    const rest = routeOf(table.match(to('http://reviews:9080/')));
    assert.deepEqual([rest.name, rest.timeoutMs, rest.requestHeaders?.set.length], ['root', 3_000, 2]);
    assert.deepEqual([rest.origin?.name, rest.ruleIndex], ['child', 1]);
  });

  it('complete short names by their own namespace', () => {
    const yaml =
      `${ROOT}  - delegate: { name: child, namespace: prod }` +
      child('  - route: [{ destination: { host: reviews } }]', '', 'prod');
    assert.equal(at(yaml, '/'), 'outbound|9080||reviews.prod.svc.cluster.local');
  });

  it('that are missing, have hosts, or are not exported to the root make its rule vanish', () => {
    const root = `${ROOT}  - delegate: { name: child, namespace: prod }\n  - directResponse: { status: 299 }`;
    const rule = '  - directResponse: { status: 201 }';
    assert.equal(at(root, '/'), '299');
    assert.equal(at(root + child(rule, '  hosts: [ratings]', 'prod'), '/'), '299');
    assert.equal(at(root + child(rule, '  exportTo: ["."]', 'prod'), '/'), '299');
    assert.equal(at(root + child(rule, '  exportTo: [default]', 'prod'), '/'), '201');
  });

  it('of which nothing is left leave the service to itself', () => {
    assert.equal(at(`${ROOT}  - delegate: { name: child }`, '/'), 'outbound|9080||reviews.default.svc.cluster.local');
  });
});
