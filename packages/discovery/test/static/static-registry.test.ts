import assert from 'node:assert/strict';
import { Cell, seededRandom, silentLogger } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import { EMPTY_REVISION, type Resource, type Revision } from '@lateen/resources';
import type { DnsLookup } from '../../src/dns/dns-lookup.ts';
import { staticRegistry } from '../../src/static/static-registry.ts';

const HOST = 'reviews.default.svc.cluster.local';

function resource(
  kind: string,
  name: string,
  spec: object,
  namespace = 'default',
  labels: Record<string, string> = {},
): Resource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace, labels, annotations: {} },
    spec,
    origin: { kind, namespace, name, file: 'mesh.yaml', line: 3 },
    lines: {},
  };
}
const entry = (name: string, spec: object, namespace?: string): Resource => resource('ServiceEntry', name, spec, namespace);
const revisionOf = (...resources: Resource[]): Revision => ({ ...EMPTY_REVISION, number: 1, resources });
const HTTP = { number: 9080, name: 'http', protocol: 'HTTP' };

function setUp(resources: readonly Resource[], lookup: DnsLookup = () => Promise.reject(new Error('no DNS here'))) {
  const clock = fakeClock();
  const revision = new Cell(revisionOf(...resources));
  const changes: string[] = [];
  const registry = staticRegistry(revision, {
    namespace: 'default',
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    events: { emit: (_name, event) => changes.push((event as { change: string }).change) },
    lookup,
  });
  const addresses = (host: string, port: number): string[] =>
    registry.endpoints(host, port).value.endpoints.map(({ key }) => key);
  return { clock, revision, registry, addresses, changes };
}

describe('staticRegistry', () => {
  it('describes a mesh service with its endpoints, ports mapped, and the identities of their accounts', () => {
    const { registry } = setUp([
      entry('reviews', {
        hosts: ['Reviews.default.svc.cluster.local'],
        ports: [HTTP, { number: 9090, name: 'admin', protocol: 'HTTP', targetPort: 7070 }],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        subjectAltNames: ['spiffe://cluster.local/ns/x/sa/y'],
        endpoints: [
          {
            address: '10.0.0.1',
            ports: { http: 8080 },
            labels: { app: 'reviews', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
            locality: 'eu/a',
            weight: 5,
            serviceAccount: 'bookinfo-reviews',
          },
          { address: '2001:db8::1' },
        ],
      }),
    ]);
    const [service] = registry.services.value;
    assert.deepEqual(
      { ...service, origin: service?.origin?.line },
      {
        host: HOST,
        name: 'reviews',
        namespace: 'default',
        ports: [
          { number: 9080, name: 'http', protocol: 'HTTP' },
          { number: 9090, name: 'admin', protocol: 'HTTP' },
        ],
        location: 'mesh',
        resolution: 'static',
        identities: ['spiffe://cluster.local/ns/x/sa/y', 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews'],
        origin: 3,
      },
    );
    const [first, second] = registry.endpoints(HOST, 9080).value.endpoints;
    assert.deepEqual(first, {
      key: '10.0.0.1:8080',
      address: '10.0.0.1',
      port: 8080,
      labels: { app: 'reviews', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
      weight: 5,
      locality: 'eu/a',
      tls: 'mutual',
      protocols: ['http/1.1'],
      workload: 'reviews-v1',
      namespace: 'default',
      serviceAccount: 'bookinfo-reviews',
    });
    assert.equal(second?.key, '[2001:db8::1]:9080');
    assert.equal(second?.tls, 'none');
    assert.deepEqual(
      registry.endpoints(HOST, 9090).value.endpoints.map(({ port }) => port),
      [7070, 7070],
    );
    assert.deepEqual(registry.endpoints(HOST, 1).value.endpoints, []);
  });

  it('finds WorkloadEntries of its namespace by label', () => {
    const selected = { hosts: [HOST], ports: [HTTP], resolution: 'STATIC', workloadSelector: { labels: { app: 'reviews' } } };
    const { addresses, registry } = setUp([
      entry('reviews', selected),
      resource('WorkloadEntry', 'reviews-vm', { address: '10.0.0.1', labels: { app: 'reviews' } }),
      resource('WorkloadEntry', 'by-metadata', { address: '10.0.0.2' }, 'default', { app: 'reviews' }),
      resource('WorkloadEntry', 'other-app', { address: '10.0.0.3', labels: { app: 'ratings' } }),
      resource('WorkloadEntry', 'other-namespace', { address: '10.0.0.4', labels: { app: 'reviews' } }, 'prod'),
    ]);
    assert.deepEqual(addresses(HOST, 9080), ['10.0.0.1:9080', '10.0.0.2:9080']);
    assert.equal(registry.endpoints(HOST, 9080).value.endpoints[0]?.workload, 'reviews-vm');
  });

  it('is external with resolution NONE unless said otherwise', () => {
    const { registry } = setUp([
      entry('web', { hosts: ['*.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] }),
    ]);
    const [service] = registry.services.value;
    assert.equal(service?.location, 'external');
    assert.equal(service?.resolution, 'none');
    assert.equal(service?.name, '*.example.com');
  });

  it("prefers the caller's namespace, hides what is not exported, and adds up entries of one namespace", () => {
    const at = (address: string, extra: object = {}): object => ({
      hosts: ['shop.example'],
      ports: [HTTP],
      resolution: 'STATIC',
      endpoints: [{ address }],
      ...extra,
    });
    const others = [
      entry('hidden', at('10.0.0.1', { exportTo: ['.'] }), 'prod'),
      entry('elsewhere', at('10.0.0.2', { exportTo: ['default'] }), 'stage'),
    ];
    assert.deepEqual(setUp(others).addresses('shop.example', 9080), ['10.0.0.2:9080']);
    const own = [entry('a', at('10.0.0.3')), entry('b', at('10.0.0.4'))];
    assert.deepEqual(setUp([...others, ...own]).addresses('shop.example', 9080), ['10.0.0.3:9080', '10.0.0.4:9080']);
  });

  it('follows the configuration and leaves sets alone that did not change', () => {
    const reviews = entry('reviews', {
      hosts: [HOST],
      ports: [HTTP],
      resolution: 'STATIC',
      endpoints: [{ address: '10.0.0.1' }],
    });
    const { revision, registry } = setUp([reviews]);
    const set = registry.endpoints(HOST, 9080);
    const versions: number[] = [];
    set.subscribe(({ version }) => versions.push(version));
    const [first] = set.value.endpoints;
    revision.set(revisionOf(reviews, entry('web', { hosts: ['web.example'], ports: [HTTP] })));
    assert.deepEqual(versions, []);
    revision.set(revisionOf());
    assert.deepEqual(versions, [2]);
    assert.deepEqual(set.value.endpoints, []);
    revision.set(revisionOf(reviews));
    assert.deepEqual(set.value.endpoints[0], first);
    assert.equal(registry.endpoints(HOST.toUpperCase(), 9080), set);
  });

  it('resolves the names of DNS entries, or the host itself, and follows them', async () => {
    const zone: Record<string, string[]> = { 'api.example.com': ['10.1.0.1', '10.1.0.2'], 'backend.example.com': ['10.2.0.1'] };
    const lookup: DnsLookup = async (name) => (zone[name] ?? []).map((address) => ({ address, ttlSeconds: 5 }));
    const endpoints = [{ address: 'backend.example.com', ports: { http: 81 }, weight: 4 }, { address: '10.9.9.9' }];
    const { addresses, registry, clock } = setUp(
      [
        entry('api', { hosts: ['api.example.com'], ports: [HTTP], resolution: 'DNS' }),
        entry('front', { hosts: ['front.example.com'], ports: [HTTP], resolution: 'DNS', endpoints }),
      ],
      lookup,
    );
    assert.equal(registry.endpoints('api.example.com', 9080).value.ready, false);
    assert.equal(registry.ready.value, false);
    await settle();
    assert.equal(registry.ready.value, true);
    assert.equal(registry.endpoints('api.example.com', 9080).value.ready, true);
    assert.deepEqual(addresses('api.example.com', 9080), ['10.1.0.1:9080', '10.1.0.2:9080']);
    assert.deepEqual(addresses('front.example.com', 9080), ['10.2.0.1:81', '10.9.9.9:9080']);
    zone['api.example.com'] = ['10.1.0.2'];
    await clock.advanceAsync(6_000);
    assert.deepEqual(addresses('api.example.com', 9080), ['10.1.0.2:9080']);
    await registry.close();
    assert.equal(clock.pending, 0);
  });

  it('keeps the last addresses when DNS fails and tells of it once', async () => {
    let broken = false;
    const lookup: DnsLookup = async () => {
      if (broken) throw new Error('timed out');
      return [{ address: '10.1.0.1', ttlSeconds: 1 }];
    };
    const { addresses, registry, clock, changes } = setUp(
      [entry('api', { hosts: ['api.example'], ports: [HTTP], resolution: 'DNS' })],
      lookup,
    );
    await settle();
    addresses('api.example', 9080);
    broken = true;
    await clock.advanceAsync(20_000);
    assert.deepEqual(addresses('api.example', 9080), ['10.1.0.1:9080']);
    assert.ok(registry.endpoints('api.example', 9080).value.staleSince > 0);
    assert.ok(registry.staleSince.value > 0);
    broken = false;
    await clock.advanceAsync(40_000);
    assert.equal(registry.staleSince.value, 0);
    assert.deepEqual(changes, ['stale', 'recovered']);
  });

  it('leaves DNS_ROUND_ROBIN names to the moment of connecting', () => {
    const { registry } = setUp([entry('api', { hosts: ['api.example'], ports: [HTTP], resolution: 'DNS_ROUND_ROBIN' })]);
    const { endpoints, ready } = registry.endpoints('api.example', 9080).value;
    assert.equal(ready, true);
    assert.deepEqual(
      endpoints.map(({ address, port }) => [address, port]),
      [['api.example', 9080]],
    );
  });
});
