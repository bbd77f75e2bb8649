import assert from 'node:assert/strict';
import { BOOKINFO, destinationRule, external, tableFrom } from './support.ts';
import { DEFAULTS, type ClusterSpec, type CompileInput } from '../src/index.ts';

function cluster(yaml: string, name: string, more: Partial<CompileInput> = {}): ClusterSpec {
  const found = tableFrom(yaml, more).clusters.get(name);
  assert.ok(found, `${name} is missing`);
  return found;
}

const RATINGS = 'outbound|9080||ratings.default.svc.cluster.local';
const ORDERS = 'outbound|9080||orders.prod.svc.cluster.local';

describe('RouteTable.clusters', () => {
  it('has one for each service and port', () => {
    const names = [...tableFrom('').clusters.keys()];
    assert.equal(names.length, 8);
    assert.ok(names.includes('outbound|8000||multi.default.svc.cluster.local'));
  });

  it('takes the profile’s defaults where nothing is written', () => {
    const lateen = cluster('', RATINGS);
    assert.equal(lateen.loadBalancer, 'PEAK_EWMA');
    assert.deepEqual(lateen.breaker, { consecutiveFailures: 5, openMs: 5000, maxOpenRatio: 0.5 });
    assert.equal(lateen.outlierDetection, undefined);
    assert.equal(lateen.tls.mode, 'auto');
    assert.deepEqual(lateen.identities, ['spiffe://cluster.local/ns/default/sa/ratings']);
    const istio = cluster('', RATINGS, { defaults: 'istio' });
    assert.equal(istio.loadBalancer, 'LEAST_REQUEST');
    assert.equal(istio.breaker, undefined);
    assert.deepEqual(istio.retryBudget, { kind: 'none' });
  });

  it('means by a written block what Istio means, under either profile', () => {
    const spec = cluster(
      destinationRule(
        'ratings',
        'trafficPolicy: { loadBalancer: { simple: LEAST_CONN }, outlierDetection: { consecutive5xxErrors: 1, interval: 200ms } }',
      ),
      RATINGS,
    );
    assert.equal(spec.loadBalancer, 'LEAST_REQUEST');
    assert.equal(spec.breaker, undefined);
    assert.deepEqual(spec.outlierDetection, {
      consecutive5xx: 1,
      consecutiveGatewayErrors: 0,
      consecutiveLocalOriginFailures: 5,
      splitExternalLocalOriginErrors: false,
      intervalMs: 200,
      baseEjectionTimeMs: 30_000,
      maxEjectionPercent: 10,
      minHealthPercent: 0,
      mergeWindowMs: 0,
    });
  });

  it('reads limits of 0 as none', () => {
    const pool =
      '{ tcp: { maxConnections: 1, connectTimeout: 30ms }, http: { http1MaxPendingRequests: 0, http2MaxRequests: 7 } }';
    const { connectionPool } = cluster(destinationRule('ratings', `trafficPolicy: { connectionPool: ${pool} }`), RATINGS);
    assert.equal(connectionPool.maxConnections, 1);
    assert.equal(connectionPool.connectTimeoutMs, 30);
    assert.equal(connectionPool.maxPendingRequests, Infinity);
    assert.equal(connectionPool.maxRequests, 7);
    assert.equal(connectionPool.idleTimeoutMs, 3_600_000);
  });

  it('replaces whole blocks by a subset’s and inherits the others', () => {
    const { connectionPool, loadBalancer, subsetLabels } = cluster(
      destinationRule(
        'ratings',
        `trafficPolicy: { loadBalancer: { simple: RANDOM }, connectionPool: { http: { http2MaxRequests: 1 } } }
subsets:
- name: v1
  labels: { version: v1 }
  trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } }`,
      ),
      'outbound|9080|v1|ratings.default.svc.cluster.local',
    );
    assert.equal(connectionPool.maxRequests, Infinity);
    assert.equal(connectionPool.maxConnections, 100);
    assert.equal(loadBalancer, 'RANDOM');
    assert.deepEqual(subsetLabels, { version: 'v1' });
  });

  it('replaces everything by the settings of a port, on that port only', () => {
    const yaml = destinationRule(
      'multi',
      `trafficPolicy:
  loadBalancer: { simple: RANDOM }
  connectionPool: { http: { http2MaxRequests: 1 } }
  portLevelSettings: [{ port: { number: 8000 }, connectionPool: { http: { http2MaxRequests: 5 } } }]
subsets:
- { name: v1, labels: { version: v1 }, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }`,
    );
    const other = cluster(yaml, 'outbound|9080||multi.default.svc.cluster.local', { defaults: 'istio' });
    assert.equal(other.connectionPool.maxRequests, 1);
    const own = cluster(yaml, 'outbound|8000||multi.default.svc.cluster.local', { defaults: 'istio' });
    assert.equal(own.connectionPool.maxRequests, 5);
    assert.equal(own.loadBalancer, 'LEAST_REQUEST');
    const subset = cluster(yaml, 'outbound|8000|v1|multi.default.svc.cluster.local', { defaults: 'istio' });
    assert.equal(subset.loadBalancer, 'ROUND_ROBIN');
    assert.equal(subset.connectionPool.maxRequests, 5);
  });

  it('strings the subsets of two rules for one host together; the first policy and the first of a name win', () => {
    const yaml = [
      destinationRule(
        'ratings',
        'trafficPolicy: { loadBalancer: { simple: RANDOM } }\nsubsets: [{ name: two, labels: { version: v2 } }, { name: same, labels: { version: v3 } }]',
        'bbb',
      ),
      destinationRule(
        'ratings',
        'subsets: [{ name: one, labels: { version: v1 } }, { name: same, labels: { version: v1 } }]',
        'aaa',
      ),
    ].join('---');
    const { clusters } = tableFrom(yaml);
    assert.equal(clusters.get(RATINGS)?.loadBalancer, 'RANDOM');
    assert.deepEqual(clusters.get('outbound|9080|same|ratings.default.svc.cluster.local')?.subsetLabels, { version: 'v1' });
    assert.ok(clusters.has('outbound|9080|two|ratings.default.svc.cluster.local'));
  });

  it('looks in the caller’s namespace, then the service’s, then the root’s, and nowhere else', () => {
    const rule = (namespace: string, simple: string): string =>
      destinationRule(
        'orders.prod.svc.cluster.local',
        `trafficPolicy: { loadBalancer: { simple: ${simple} } }`,
        'orders',
        namespace,
      );
    const root = rule('istio-system', 'RANDOM');
    const service = rule('prod', 'ROUND_ROBIN');
    const caller = rule('default', 'PASSTHROUGH');
    const foreign = rule('elsewhere', 'LEAST_REQUEST');
    assert.equal(cluster([root, service, caller, foreign].join('---'), ORDERS).loadBalancer, 'PASSTHROUGH');
    assert.equal(cluster([root, service, foreign].join('---'), ORDERS).loadBalancer, 'ROUND_ROBIN');
    assert.equal(cluster([root, foreign].join('---'), ORDERS).loadBalancer, 'RANDOM');
    assert.equal(cluster(foreign, ORDERS).loadBalancer, 'PEAK_EWMA');
  });

  it('does not see a rule of the service’s namespace that is not exported', () => {
    const yaml = destinationRule(
      'orders',
      'exportTo: ["."]\ntrafficPolicy: { loadBalancer: { simple: RANDOM } }',
      'orders',
      'prod',
    );
    assert.equal(cluster(yaml, ORDERS).loadBalancer, 'PEAK_EWMA');
    const own = { self: { namespace: 'prod', labels: {} } };
    assert.equal(cluster(yaml, ORDERS, own).loadBalancer, 'RANDOM');
  });

  it('prefers an exact host to a wildcard', () => {
    const wild = destinationRule('*.default.svc.cluster.local', 'trafficPolicy: { loadBalancer: { simple: RANDOM } }');
    const exact = destinationRule('ratings', 'trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }');
    assert.equal(cluster(wild, RATINGS).loadBalancer, 'RANDOM');
    assert.equal(cluster(`${wild}---${exact}`, RATINGS).loadBalancer, 'ROUND_ROBIN');
  });

  it('speaks plaintext to what is outside, TLS where its port says HTTPS, and what the rule says', () => {
    const ports = [
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 443, name: 'https', protocol: 'HTTPS' },
    ] as const;
    const services = [...BOOKINFO, external('api.example.test', [], { ports })];
    assert.equal(cluster('', 'outbound|80||api.example.test', { services }).tls.mode, 'DISABLE');
    assert.equal(cluster('', 'outbound|443||api.example.test', { services }).tls.mode, 'SIMPLE');
    const tls = destinationRule('api.example.test', 'trafficPolicy: { tls: { mode: SIMPLE, sni: other.test } }');
    const ruled = cluster(tls, 'outbound|80||api.example.test', { services });
    assert.equal(ruled.tls.mode, 'SIMPLE');
    assert.equal(ruled.tls.sni, 'other.test');
    assert.equal(cluster('', RATINGS, { mtls: 'DISABLE' }).tls.mode, 'DISABLE');
  });

  it('takes the identities of a rule’s subjectAltNames before the service’s', () => {
    const yaml = destinationRule(
      'ratings',
      'trafficPolicy: { tls: { mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://td/ns/a/sa/b"] } }',
    );
    assert.deepEqual(cluster(yaml, RATINGS).identities, ['spiffe://td/ns/a/sa/b']);
  });

  it('changes its fingerprint with its settings, not with its place in the file', () => {
    const yaml = (limit: number): string =>
      destinationRule('ratings', `trafficPolicy: { connectionPool: { http: { http2MaxRequests: ${limit} } } }`);
    const before = cluster(yaml(1), RATINGS).fingerprint;
    assert.equal(cluster(`\n\n${yaml(1)}`, RATINGS).fingerprint, before);
    assert.notEqual(cluster(yaml(2), RATINGS).fingerprint, before);
    assert.notEqual(cluster('', RATINGS).fingerprint, before);
  });

  it('says which rule made it', () => {
    assert.equal(cluster('', RATINGS).origin, undefined);
    const yaml = destinationRule('ratings', 'subsets: [{ name: v1, labels: { version: v1 } }]');
    assert.equal(cluster(yaml, RATINGS).origin?.name, 'ratings');
    const subset = cluster(yaml, 'outbound|9080|v1|ratings.default.svc.cluster.local');
    assert.ok((subset.origin?.line ?? 0) > (cluster(yaml, RATINGS).origin?.line ?? 0));
  });
});

describe('DEFAULTS', () => {
  it('leaves everything unlimited and without timeout under both profiles', () => {
    for (const profile of [DEFAULTS.lateen, DEFAULTS.istio]) {
      assert.equal(profile.timeoutMs, 0);
      assert.equal(profile.connectionPool.maxRequests, Infinity);
      assert.equal(profile.retry.maxRetries, 2);
    }
  });
});
