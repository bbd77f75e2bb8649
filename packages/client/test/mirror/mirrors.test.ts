import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { soon } from '../support/failure.ts';
import { requestsTotal } from '../support/harness.ts';
import { closeAll, get, reviews, rule, type Setup } from '../support/setup.ts';

const MIRROR = `${rule('mirror: { host: reviews, subset: v2 }', 'route: [{ destination: { host: reviews, subset: v1 } }]')}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
`;

describe('Mirrors', () => {
  afterEach(closeAll);

  async function mirrored(): Promise<Setup> {
    return reviews(2, { yaml: MIRROR });
  }

  it('copies every request and answers with the first destination alone', async () => {
    const setup = await mirrored();
    setup.backends[1]!.answer = (_request, response) => {
      response.writeHead(500);
      response.end('from the copy');
    };
    const got = await get(setup, '/m?q=1', { method: 'POST', body: 'hello', headers: { 'x-a': '1' } });
    assert.deepEqual([got.status, got.body], [200, 'ok']);
    await setup.client.waitUntilIdle();
    const [copy] = setup.backends[1]!.seen;
    assert.deepEqual(
      [copy!.method, copy!.url, copy!.body, copy!.headers.host, copy!.headers['x-a']],
      ['POST', '/m?q=1', 'hello', 'reviews:9080', '1'],
    );
    assert.match(copy!.headers['traceparent'] as string, /-00$/);
    assert.equal(await requestsTotal(setup.metrics, { destination_workload: 'reviews-v2', response_code: '500' }), 1);
    assert.equal(setup.log.length, 1);
  });

  it('says -shadow in the copy’s host where the mesh wants the older way', async () => {
    const setup = await reviews(2, { yaml: MIRROR, defaults: 'istio', meshConfig: { shadowHostSuffix: true } });
    await get(setup);
    await setup.client.waitUntilIdle();
    const { headers } = setup.backends[1]!.seen[0]!;
    assert.deepEqual(
      [headers.host, headers['x-envoy-internal'], headers['x-envoy-attempt-count']],
      ['reviews-shadow:9080', 'true', '1'],
    );
  });

  it('does not make a request wait for its copy', async () => {
    const setup = await mirrored();
    setup.backends[1]!.answer = () => {};
    assert.equal((await get(setup)).status, 200);
    await soon();
    assert.equal(setup.client.inFlight, 1);
  });

  it('copies a short stream when all of it was sent', async () => {
    const setup = await mirrored();
    await get(setup, '/', { method: 'POST', body: Readable.from(['str', 'eam']) });
    await setup.client.waitUntilIdle();
    assert.equal(setup.backends[1]!.seen[0]?.body, 'stream');
  });

  it('waits for copies when it drains', async () => {
    const setup = await mirrored();
    let answered = false;
    setup.backends[1]!.answer = (_request, response) =>
      void setTimeout(() => {
        answered = true;
        response.end();
      }, 60);
    await get(setup);
    await setup.client.drain();
    assert.ok(answered);
  });

  it('drops copies beyond its bound instead of piling them up', async () => {
    const setup = await mirrored();
    setup.backends[1]!.answer = () => {};
    await Promise.all(Array.from({ length: 300 }, () => get(setup)));
    await soon(50);
    assert.ok(setup.client.inFlight <= 256, `${setup.client.inFlight} copies`);
    assert.equal(setup.backends[0]!.seen.length, 300);
  });
});
