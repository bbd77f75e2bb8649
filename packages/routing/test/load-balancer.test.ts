import assert from 'node:assert/strict';
import { compileLoadBalancer } from '../src/load-balancer.ts';
import type { PolicyBlocks } from '../src/spec-types.ts';
import type { PolicyScope } from '../src/traffic-policy.ts';

const OWN = 'region1/zone1/sub1';
const ISTIO: PolicyScope = { defaults: 'istio', self: { namespace: 'default', labels: { version: 'v1' }, locality: OWN } };

function compiled(blocks: PolicyBlocks, scope: Partial<PolicyScope> = {}) {
  return compileLoadBalancer(blocks, { ...ISTIO, ...scope });
}

describe('compileLoadBalancer', () => {
  for (const [words, blocks, policy, size] of [
    ['an absent block', {}, 'LEAST_REQUEST', undefined],
    ['LEAST_CONN', { loadBalancer: { simple: 'LEAST_CONN' } }, 'LEAST_REQUEST', undefined],
    ['a hash', { loadBalancer: { consistentHash: { httpHeaderName: 'X-User' } } }, 'RING_HASH', 1_024],
    ['a ring', { loadBalancer: { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: 7 } } } }, 'RING_HASH', 7],
    [
      "a ring in the older field's words",
      { loadBalancer: { consistentHash: { useSourceIp: true, minimumRingSize: 9 } } },
      'RING_HASH',
      9,
    ],
    ['Maglev', { loadBalancer: { consistentHash: { useSourceIp: true, maglev: {} } } }, 'MAGLEV', 65_537],
  ] as const satisfies readonly (readonly [string, PolicyBlocks, string, number | undefined])[]) {
    it(`reads ${words} as ${policy}`, () => {
      const { loadBalancer, hash } = compiled(blocks);
      assert.equal(loadBalancer, policy);
      assert.equal(hash?.size, size);
    });
  }

  it('reads what is hashed', () => {
    const keyOf = (consistentHash: NonNullable<PolicyBlocks['loadBalancer']>['consistentHash']) =>
      compiled({ loadBalancer: { consistentHash } } as PolicyBlocks).hash?.key;
    assert.deepEqual(keyOf({ httpHeaderName: 'X-User' }), { kind: 'header', name: 'x-user' });
    assert.deepEqual(keyOf({ httpQueryParameterName: 'u' }), { kind: 'query', name: 'u' });
    assert.deepEqual(
      keyOf({
        httpCookie: { name: 'c', path: '/p', ttl: '90.5s', attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }] },
      }),
      {
        kind: 'cookie',
        name: 'c',
        path: '/p',
        ttlSeconds: 90,
        attributes: ['SameSite=Lax', 'Secure'],
      },
    );
    assert.deepEqual(keyOf({ httpCookie: { name: 'c', ttl: '0s' } }), {
      kind: 'cookie',
      name: 'c',
      path: '',
      ttlSeconds: 0,
      attributes: [],
    });
    assert.equal(keyOf({ maglev: {} }), undefined);
  });

  it('reads warm-up, in the older words too', () => {
    assert.deepEqual(compiled({ loadBalancer: { simple: 'ROUND_ROBIN', warmup: { duration: '5s', aggression: 2 } } }).warmup, {
      durationMs: 5_000,
      minimumPercent: 10,
      aggression: 2,
    });
    assert.equal(compiled({ loadBalancer: { warmupDurationSecs: '3s' } }).warmup?.durationMs, 3_000);
  });

  it('weighs localities under Istio, fails over only with outlier detection, and knows neither where they are switched off', () => {
    assert.deepEqual(compiled({}).locality, { own: OWN, weighted: true, distribute: undefined, failover: undefined });
    assert.deepEqual(compiled({ outlierDetection: {} }).locality?.failover, { byDistance: true, region: undefined, labels: [] });
    const off = { localityLbSetting: { enabled: false } };
    assert.equal(compiled({ outlierDetection: {} }, { meshConfig: off }).locality, undefined);
    assert.equal(compiled({ outlierDetection: {}, loadBalancer: off }).locality, undefined);
    const on = { loadBalancer: { localityLbSetting: { enabled: true } }, outlierDetection: {} };
    assert.ok(compiled(on, { meshConfig: off }).locality?.failover, "the rule's own setting replaces the mesh's");
  });

  it('leaves localities alone under our own defaults until a rule asks', () => {
    const lateen = { defaults: 'lateen' } as const;
    assert.equal(compiled({}, lateen).locality, undefined);
    assert.deepEqual(compiled({ outlierDetection: {} }, lateen).locality?.failover?.byDistance, true);
    assert.equal(compiled({ outlierDetection: {} }, lateen).locality?.weighted, false, 'peak EWMA weighs by itself');
  });

  it('takes the distribution for where the caller is, and no failover beside it', () => {
    const localityLbSetting = {
      distribute: [
        { from: 'region2/*', to: { 'region2/*': 100 } },
        { from: 'region1/*', to: { 'region1/zone1/*': 80, 'region2/*': 20 } },
      ],
    };
    const { locality } = compiled({ loadBalancer: { localityLbSetting }, outlierDetection: {} });
    assert.deepEqual(locality?.distribute, [
      ['region1/zone1/*', 80],
      ['region2/*', 20],
    ]);
    assert.equal(locality?.failover, undefined);
  });

  it("takes the region that takes over from the caller's, and its own labels' values", () => {
    const localityLbSetting = {
      failover: [{ from: 'region1', to: 'region3' }],
      failoverPriority: ['version', 'network=n1', 'topology.kubernetes.io/zone', 'absent'],
    };
    assert.deepEqual(compiled({ loadBalancer: { localityLbSetting }, outlierDetection: {} }).locality?.failover, {
      byDistance: true,
      region: 'region3',
      labels: [
        ['version', 'v1'],
        ['network', 'n1'],
        ['topology.kubernetes.io/zone', 'zone1'],
        ['absent', ''],
      ],
    });
  });
});
