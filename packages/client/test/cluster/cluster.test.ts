import assert from 'node:assert/strict';
import { answerWith } from '../support/backend.ts';
import { service } from '../support/fake-registry.ts';
import { failure, soon } from '../support/failure.ts';
import { closeAll, get, policy, reviews, rule, versioned } from '../support/setup.ts';

describe('Cluster', () => {
  afterEach(closeAll);

  it('opens the breaker of an endpoint after five gateway errors and sends it nothing more', async () => {
    const setup = await reviews(2, {
      yaml: rule('retries: { attempts: 1, retryOn: "503" }') + policy('loadBalancer: { simple: ROUND_ROBIN }'),
    });
    const [good, bad] = setup.backends;
    bad!.answer = answerWith(503);
    for (let i = 0; i < 12; i++) assert.equal((await get(setup)).status, 200);
    const open = setup.events.find(({ name, event }) => name === 'breaker' && (event as { state: string }).state === 'open');
    assert.ok(open, 'the breaker opened');
    const before = bad!.seen.length;
    assert.equal(before, 5);
    for (let i = 0; i < 5; i++) await get(setup);
    assert.equal(bad!.seen.length, before, 'nothing more is sent to it');
    const [, status] = setup.client.clusters()[0]!.endpoints;
    assert.deepEqual([status?.breaker, status?.available], ['open', false]);
    assert.ok(good!.seen.length > 0);
  });

  it('never opens breakers for more than half of the endpoints', async () => {
    const setup = await reviews(2);
    for (const backend of setup.backends) backend.answer = answerWith(503);
    for (let i = 0; i < 30; i++) assert.equal((await get(setup)).status, 503);
    const open = setup.client.clusters()[0]!.endpoints.filter(({ available }) => !available);
    assert.equal(open.length, 1);
  });

  it('ejects an endpoint by the outlier detection that is written, and says why', async () => {
    const setup = await reviews(2, {
      yaml: policy(
        'loadBalancer: { simple: ROUND_ROBIN }\noutlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 50, baseEjectionTime: 60s }',
      ),
    });
    setup.backends[0]!.answer = answerWith(500);
    for (let i = 0; i < 12; i++) await get(setup);
    assert.equal(setup.backends[0]!.seen.length, 3);
    const ejection = setup.events.find(({ name }) => name === 'ejection')?.event as { reason: string; endpoint: string };
    assert.deepEqual([ejection.reason, ejection.endpoint], ['consecutive 5xx', `127.0.0.1:${setup.backends[0]!.port}`]);
    const [ejected] = setup.client.clusters()[0]!.endpoints;
    assert.ok((ejected?.ejectedUntil ?? 0) > Date.now() + 50_000);
  });

  it('lets requests on a removed endpoint finish and closes its connections then', async () => {
    const setup = await reviews(2);
    const [first] = setup.backends;
    setup.registry.setEndpoints('reviews', [versioned(first!.port, 'v1')]);
    let closed = 0;
    const began = new Promise<void>((resolve) => {
      first!.answer = (request, response) => {
        request.socket.once('close', () => closed++);
        resolve();
        setTimeout(() => response.end('late'), 60);
      };
    });
    const running = get(setup);
    await began;
    setup.registry.setEndpoints('reviews', [versioned(setup.backends[1]!.port, 'v2')]);
    assert.equal((await get(setup)).body, 'ok');
    assert.equal(closed, 0);
    assert.equal((await running).body, 'late');
    await soon();
    assert.equal(closed, 1);
  });

  it('keeps what it learnt when endpoints and settings change', async () => {
    const setup = await reviews(2);
    for (let i = 0; i < 6; i++) await get(setup);
    const learnt = (): [number, number][] =>
      setup.client.clusters()[0]!.endpoints.map(({ requests, connections }) => [requests, connections]);
    const before = learnt();
    setup.registry.setEndpoints('reviews', [
      versioned(setup.backends[0]!.port, 'v1', { weight: 3 }),
      versioned(setup.backends[1]!.port, 'v2'),
    ]);
    setup.apply(policy('loadBalancer: { simple: RANDOM }'));
    assert.deepEqual(learnt(), before);
    assert.equal(setup.client.clusters()[0]!.algorithm, 'RANDOM');
  });

  it('sends to the subset whose labels an endpoint carries', async () => {
    const yaml = `${rule('', 'route: [{ destination: { host: reviews, subset: v2 } }]')}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
`;
    const setup = await reviews(2, { yaml });
    for (let i = 0; i < 5; i++) await get(setup);
    assert.deepEqual(
      setup.backends.map(({ seen }) => seen.length),
      [0, 5],
    );
  });

  it('dials the address a request names under PASSTHROUGH, and any endpoint for a name', async () => {
    const setup = await reviews(2, { yaml: policy('loadBalancer: { simple: PASSTHROUGH }') });
    for (let i = 0; i < 4; i++) await get(setup);
    assert.deepEqual(
      setup.backends.map(({ seen }) => seen.length),
      [2, 2],
    );
    const url = `http://127.0.0.1:${setup.backends[1]!.port}/`;
    setup.registry.services.set([
      { ...service('reviews'), ports: [{ number: setup.backends[1]!.port, name: 'http', protocol: 'HTTP' }] },
    ]);
    const answer = await setup.client.request(url, { headers: { host: 'reviews' } });
    await answer.body.dump();
    assert.deepEqual(
      setup.backends.map(({ seen }) => seen.length),
      [2, 3],
    );
    assert.equal(setup.client.clusters()[0]!.algorithm, 'PASSTHROUGH');
  });

  it('closes an idle connection before the server does', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.server.keepAliveTimeout = 1_000;
    await get(setup);
    await soon(30);
    assert.equal(setup.client.clusters()[0]!.endpoints[0]!.connections, 0, 'a second of keep-alive leaves nothing to reuse');
  });

  it('spends maxRequestsPerConnection and then connects anew', async () => {
    const setup = await reviews(1, { yaml: policy('connectionPool: { http: { maxRequestsPerConnection: 2 } }') });
    for (let i = 0; i < 6; i++) {
      await get(setup);
      await soon(5);
    }
    assert.equal(setup.backends[0]!.connections, 3);
  });

  it('gives up connecting after connectTimeout', async () => {
    const setup = await reviews(1, { yaml: policy('connectionPool: { tcp: { connectTimeout: 80ms } }') });
    // A documentation address: nothing answers.
    setup.registry.setEndpoints('reviews', [versioned(9, 'v1', { address: '192.0.2.1' })]);
    const error = await failure(get(setup));
    assert.equal(error.code, 'LATEEN_CONNECT_FAILED');
  });
});
