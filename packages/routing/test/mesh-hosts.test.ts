import assert from 'node:assert/strict';
import { BOOKINFO, destinationRule, external, outcome, service, tableFrom, to, virtualService } from './support.ts';

const REVIEWS = 'outbound|9080||reviews.default.svc.cluster.local';

describe('compileRoutes, hosts in the mesh', () => {
  it('gives every port of a known service a default route, under every spelling', () => {
    const table = tableFrom('');
    for (const authority of [
      'reviews:9080',
      'reviews',
      'REVIEWS:9080',
      'reviews.default',
      'Reviews.Default.Svc:9080',
      'reviews.:9080',
    ]) {
      assert.equal(outcome(table, to('http://x/', { authority, port: 9080 })), REVIEWS, authority);
    }
    assert.equal(outcome(table, to('http://reviews.default.svc.cluster.local:9080/')), REVIEWS);
    assert.equal(outcome(table, to('http://multi:8000/')), 'outbound|8000||multi.default.svc.cluster.local');
  });

  it('means the own namespace by a short name', () => {
    const table = tableFrom('', { self: { namespace: 'prod', labels: {} } });
    assert.equal(outcome(table, to('http://reviews:9080/')), 'outbound|9080||reviews.prod.svc.cluster.local');
    assert.equal(outcome(table, to('http://ratings:9080/')), 'passthrough');
  });

  it('passes unknown hosts and unknown ports of known hosts through, or refuses them', () => {
    const open = tableFrom('');
    const closed = tableFrom('', { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    for (const url of [
      'http://unknown.example.test/',
      'http://reviews:1234/',
      'http://reviews/',
      'http://reviews.default.svc.cluster:9080/',
    ]) {
      assert.equal(outcome(open, to(url)), 'passthrough', url);
      assert.equal(outcome(closed, to(url)), 'refused', url);
    }
  });

  it('completes a short host of a rule by the namespace of the rule', () => {
    const rule = virtualService('reviews', '- directResponse: { status: 299 }').replace('namespace: default', 'namespace: prod');
    const table = tableFrom(rule);
    assert.equal(outcome(table, to('http://reviews.prod:9080/')), '299');
    assert.equal(outcome(table, to('http://reviews:9080/')), REVIEWS);
  });

  it('completes a short destination by the namespace of the rule', () => {
    const rule = virtualService('ratings.default.svc.cluster.local', '- route: [{ destination: { host: reviews } }]');
    const table = tableFrom(rule.replace('namespace: default', 'namespace: prod'));
    assert.equal(outcome(table, to('http://ratings:9080/')), 'outbound|9080||reviews.prod.svc.cluster.local');
  });

  it('does not complete a host with a dot', () => {
    const table = tableFrom(virtualService('ratings.default', '- directResponse: { status: 299 }'));
    assert.equal(outcome(table, to('http://ratings.default:9080/')), 'outbound|9080||ratings.default.svc.cluster.local');
  });

  it('knows a host that only a rule names on port 80', () => {
    const route = '- route: [{ destination: { host: ratings.default.svc.cluster.local, port: { number: 9080 } } }]';
    const table = tableFrom(virtualService('virtual.example.test', route));
    assert.equal(outcome(table, to('http://virtual.example.test/')), 'outbound|9080||ratings.default.svc.cluster.local');
    assert.equal(outcome(table, to('http://virtual.example.test:9080/')), 'passthrough');
  });

  it('counts the first by name of two rules for one host', () => {
    const first = virtualService('reviews', '- match: [{ uri: { prefix: /a } }]\n  directResponse: { status: 211 }');
    const second = virtualService('reviews', '- match: [{ uri: { prefix: /b } }]\n  directResponse: { status: 212 }');
    const table = tableFrom(`${second.replace('name: reviews', 'name: bbb')}---${first.replace('name: reviews', 'name: aaa')}`);
    assert.equal(outcome(table, to('http://reviews:9080/a')), '211');
    assert.equal(outcome(table, to('http://reviews:9080/b')), 'no-route');
  });

  it('prefers a rule for the exact host to one for a wildcard, and the longer wildcard', () => {
    const table = tableFrom(
      [
        virtualService('*.local', '- directResponse: { status: 210 }'),
        virtualService('*.default.svc.cluster.local', '- directResponse: { status: 211 }'),
        virtualService('reviews', '- directResponse: { status: 212 }'),
      ].join('---'),
    );
    assert.equal(outcome(table, to('http://reviews:9080/')), '212');
    assert.equal(outcome(table, to('http://ratings:9080/')), '211');
    assert.equal(outcome(table, to('http://orders.prod:9080/')), '210');
  });

  it('ignores rules bound to a gateway alone', () => {
    const table = tableFrom(virtualService('reviews', '- directResponse: { status: 299 }', '  gateways: [edge]'));
    assert.equal(outcome(table, to('http://reviews:9080/')), REVIEWS);
  });

  it('sees rules by their exportTo', () => {
    const rule = (exportTo: string): string =>
      virtualService('orders.prod.svc.cluster.local', '- directResponse: { status: 299 }', `  exportTo: ["${exportTo}"]`).replace(
        'namespace: default',
        'namespace: prod',
      );
    assert.equal(outcome(tableFrom(rule('.')), to('http://orders.prod:9080/')), 'outbound|9080||orders.prod.svc.cluster.local');
    assert.equal(outcome(tableFrom(rule('default')), to('http://orders.prod:9080/')), '299');
  });

  it('does not know a ServiceEntry of another namespace that is not exported', () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: private, namespace: prod }
spec:
  hosts: [private.prod.svc.cluster.local]
  exportTo: ["."]
  location: MESH_INTERNAL
  resolution: DNS
  ports: [{ number: 9080, name: http, protocol: HTTP }]
`;
    const services = [...BOOKINFO, service('private', [9080], { namespace: 'prod' })];
    const table = tableFrom(entry, { services });
    assert.equal(outcome(table, to('http://private.prod:9080/')), 'passthrough');
    assert.ok(!table.clusters.has('outbound|9080||private.prod.svc.cluster.local'));
    const own = tableFrom(entry, { services, self: { namespace: 'prod', labels: {} } });
    assert.equal(outcome(own, to('http://private:9080/')), 'outbound|9080||private.prod.svc.cluster.local');
  });

  it('prefers the own namespace where two declare one external host', () => {
    const services = [external('api.example.test', [80], { namespace: 'prod' }), external('api.example.test', [8080])];
    const table = tableFrom('', { services });
    assert.deepEqual([...table.clusters.keys()], ['outbound|8080||api.example.test']);
  });

  it('matches a wildcard service by its ending', () => {
    const table = tableFrom('', { services: [external('*.wild.example.test', [80])] });
    assert.equal(outcome(table, to('http://a.b.wild.example.test/')), 'outbound|80||*.wild.example.test');
    assert.equal(outcome(table, to('http://wild.example.test/')), 'passthrough');
  });

  it('sends a destination without port to the port that was called', () => {
    const table = tableFrom(virtualService('reviews', '- route: [{ destination: { host: httpbin } }]'));
    assert.equal(outcome(table, to('http://reviews:9080/')), 'outbound|9080||httpbin.default.svc.cluster.local');
    assert.ok(!table.clusters.has('outbound|9080||httpbin.default.svc.cluster.local'));
  });

  it('applies http rules to HTTP ports only', () => {
    const services = [external('db.example.test', [80], { ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] })];
    const table = tableFrom(virtualService('db.example.test', '- directResponse: { status: 299 }'), { services });
    assert.equal(outcome(table, to('http://db.example.test/')), 'outbound|80||db.example.test');
  });

  it('chooses by match.port', () => {
    const table = tableFrom(
      virtualService(
        'multi',
        '- match: [{ port: 8000 }]\n  directResponse: { status: 299 }\n- route: [{ destination: { host: multi, port: { number: 9080 } } }]',
      ),
    );
    assert.equal(outcome(table, to('http://multi:8000/')), '299');
    assert.equal(outcome(table, to('http://multi:9080/')), 'outbound|9080||multi.default.svc.cluster.local');
  });

  it('names a subset that does not exist as a cluster that does not exist', () => {
    const table = tableFrom(
      virtualService('reviews', '- route: [{ destination: { host: reviews, subset: v9 } }]') +
        '---' +
        destinationRule('reviews', 'subsets: [{ name: v1, labels: { version: v1 } }]'),
    );
    assert.equal(outcome(table, to('http://reviews:9080/')), 'outbound|9080|v9|reviews.default.svc.cluster.local');
    assert.ok(!table.clusters.has('outbound|9080|v9|reviews.default.svc.cluster.local'));
    assert.ok(table.clusters.has('outbound|9080|v1|reviews.default.svc.cluster.local'));
  });
});
