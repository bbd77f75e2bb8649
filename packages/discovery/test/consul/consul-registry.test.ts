import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventSink, type MeshEvents, seededRandom, silentLogger, systemClock, whenValue } from '@lateen/core';
import { consulRegistry, type ConsulRegistryOptions } from '../../src/consul/consul-registry.ts';
import type { Registry } from '../../src/registry.ts';
import { ConsulAgent, missingConsul } from '../support/consul-agent.ts';
import { instance } from '../support/instance.ts';

const HOST = 'reviews.default.svc.cluster.local';

describe('consulRegistry against a real Consul', function () {
  this.timeout(30_000);
  let agent: ConsulAgent;
  const open: Registry[] = [];
  const discoveryEvents: MeshEvents['discovery'][] = [];

  before(async function () {
    if (missingConsul) {
      process.stderr.write(`    skipped: ${missingConsul}\n`);
      return this.skip();
    }
    agent = await ConsulAgent.start();
  });
  after(() => agent?.kill());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((registry) => registry.close()));
    discoveryEvents.length = 0;
  });

  function connect(part: Pick<ConsulRegistryOptions, 'prefix' | 'ownId'> = {}): Registry {
    const events: EventSink = {
      emit: (name, event) => {
        if (name === 'discovery') discoveryEvents.push(event as MeshEvents['discovery']);
      },
    };
    const random = seededRandom(7);
    const registry = consulRegistry({
      url: agent.url,
      namespace: 'default',
      clock: systemClock,
      random,
      logger: silentLogger,
      events,
      ...part,
    });
    open.push(registry);
    return registry;
  }

  it('shows peers an instance with everything it said of itself, and its service with the identity', async () => {
    const id = 'spiffe://example.org/ns/default/sa/bookinfo-reviews';
    const [server, peer] = [connect({ ownId: () => id }), connect()];
    const registration = await server.register?.(instance());
    const set = await whenValue(peer.endpoints(HOST, 9080), ({ endpoints }) => endpoints.length === 1);
    assert.deepEqual(set.endpoints[0], {
      key: 'reviews-v2-3f9a01',
      address: '127.0.0.1',
      port: 41_001,
      labels: { app: 'reviews', version: 'v2', 'app.kubernetes.io/name': 'reviews=x' },
      weight: 3,
      locality: 'eu/a/1',
      tls: 'mutual',
      protocols: ['http/1.1'],
      workload: 'reviews-v2',
      namespace: 'default',
      serviceAccount: 'bookinfo-reviews',
    });
    await whenValue(peer.ready, (ready) => ready);
    assert.deepEqual(peer.services.value, [
      {
        host: HOST,
        name: 'reviews',
        namespace: 'default',
        ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
        location: 'mesh',
        resolution: 'registry',
        identities: [id],
        origin: undefined,
      },
    ]);
    await registration?.deregister();
  });

  it('tells peers of an instance that left before deregistering has ended', async () => {
    const [server, peer] = [connect(), connect()];
    const first = await server.register?.(instance());
    const second = await server.register?.(instance({ instance: 'reviews-v2-bbbbbb', port: 41_002 }));
    const endpoints = peer.endpoints(HOST, 9080);
    await whenValue(endpoints, (set) => set.endpoints.length === 2);
    await first?.deregister();
    assert.deepEqual(
      endpoints.value.endpoints.map(({ key }) => key),
      ['reviews-v2-bbbbbb'],
    );
    await second?.deregister({ ackTimeoutMs: 0 });
  });

  it('leaves out what is critical, takes it back when it is well, and keeps the service known', async () => {
    const peer = connect();
    const service = { ID: 'web-1', Name: 'web', Address: '127.0.0.1', Port: 41_003, Check: { TTL: '1h', Status: 'passing' } };
    await agent.put('/agent/service/register', service);
    await agent.put('/agent/service/register', { ...service, ID: 'web-2', Address: '', Weights: { Passing: 5, Warning: 1 } });
    const endpoints = peer.endpoints('web.default.svc.cluster.local', 41_003);
    const both = await whenValue(endpoints, (set) => set.endpoints.length === 2);
    assert.deepEqual(
      both.endpoints.map(({ address, tls, weight }) => [address, tls, weight]),
      [
        ['127.0.0.1', 'none', 1],
        ['127.0.0.1', 'none', 5],
      ],
    );
    await agent.put('/agent/check/fail/service:web-1');
    await whenValue(endpoints, (set) => set.endpoints.length === 1);
    await agent.put('/agent/check/warn/service:web-1');
    await whenValue(endpoints, (set) => set.endpoints.length === 2);
    await agent.put('/agent/service/maintenance/web-1?enable=true');
    await whenValue(endpoints, (set) => set.endpoints.length === 1);
    await agent.put('/agent/service/deregister/web-1');
    await agent.put('/agent/service/deregister/web-2');
    assert.ok(peer.services.value.some(({ host }) => host === 'web.default.svc.cluster.local'));
  });

  it('keeps meshes with different prefixes apart', async () => {
    const [blue, green] = [connect({ prefix: 'blue-' }), connect({ prefix: 'green-' })];
    const registration = await blue.register?.(instance());
    await whenValue(blue.endpoints(HOST, 9080), ({ endpoints }) => endpoints.length === 1);
    await whenValue(green.ready, (ready) => ready);
    assert.deepEqual(green.services.value, []);
    await registration?.deregister({ ackTimeoutMs: 0 });
  });

  it('refuses labels that Consul would lose', async () => {
    const registry = connect();
    const tooLong = instance({ labels: { note: 'x'.repeat(600) } });
    await assert.rejects(registry.register?.(tooLong) as Promise<unknown>, { code: 'LATEEN_REGISTER_REFUSED' });
  });

  it('does not keep a process alive that only waits for news', async () => {
    assert.equal(await exitOfWatcher(agent.url, 'answered'), 0);
  });

  it('keeps the last good endpoints while Consul is gone, and is back in it when it returns empty', async () => {
    const [server, peer] = [connect(), connect()];
    await server.register?.(instance());
    const endpoints = peer.endpoints(HOST, 9080);
    await whenValue(endpoints, (set) => set.endpoints.length === 1);
    const sizes = new Set<number>();
    endpoints.subscribe((set) => sizes.add(set.endpoints.length));
    await agent.kill();
    const stale = await whenValue(endpoints, (set) => set.staleSince > 0);
    assert.equal(stale.endpoints.length, 1);
    await agent.start();
    await whenValue(endpoints, (set) => set.staleSince === 0);
    for (let listed: unknown[] = []; listed.length === 0; ) {
      listed = (await agent.get('/health/service/reviews?passing')) as unknown[];
    }
    await whenValue(peer.staleSince, (since) => since === 0);
    assert.deepEqual([...sizes], [1], 'nobody saw an empty set');
    const changes = new Set(discoveryEvents.map(({ change }) => change));
    assert.deepEqual([...changes].sort(), ['recovered', 'reregistered', 'stale']);
  });
});

/** The exit code of a process that does nothing but watch; undefined when it does not end. */
async function exitOfWatcher(url: string, until: 'answered' | 'connected'): Promise<number | undefined> {
  const script = new URL('../support/watch-only.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=@lateen/source', script, url, until], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await Promise.race([once(child, 'exit'), delay(4_000, [undefined], { ref: false })]);
  child.kill('SIGKILL');
  return code;
}

describe('consulRegistry without a Consul', () => {
  const options = {
    namespace: 'default',
    clock: systemClock,
    random: seededRandom(1),
    logger: silentLogger,
    events: { emit() {} },
  };

  it('refuses a URL that is none', () => {
    assert.throws(() => consulRegistry({ ...options, url: '127.0.0.1:8500' }), { code: 'LATEEN_BAD_OPTION' });
  });

  it('does not keep a process alive whose questions nobody answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    assert.equal(await exitOfWatcher(`http://127.0.0.1:${port}`, 'connected'), 0);
    silent.close();
  });

  it('says where it looked when it cannot register, and is not ready', async () => {
    const registry = consulRegistry({ ...options, url: 'http://user:secret@127.0.0.1:1' });
    await assert.rejects(registry.register?.(instance()) as Promise<unknown>, (error: Error & { code: string }) => {
      assert.equal(error.code, 'LATEEN_CONSUL_UNREACHABLE');
      assert.match(error.message, /http:\/\/127\.0\.0\.1:1 does not answer/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    assert.equal(registry.ready.value, false);
    await whenValue(registry.staleSince, (since) => since > 0);
    await registry.close();
  });
});
