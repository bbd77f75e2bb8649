import assert from 'node:assert/strict';
import { closeAll, get, reviews, rule } from '../support/setup.ts';

describe('explain', () => {
  afterEach(closeAll);

  it('tells route, cluster, candidates and the pick, and sends nothing', async () => {
    const setup = await reviews(2, {
      yaml: rule('timeout: 2s\nmirror: { host: ratings }\nfault: { delay: { fixedDelay: 1s, percentage: { value: 10 } } }'),
    });
    await get(setup);
    const told = setup.client.explain({ url: 'http://reviews:9080/x?y=1', headers: { 'end-user': 'jason' } });
    assert.deepEqual(told.request, { method: 'GET', url: 'http://reviews:9080/x?y=1', headers: ['end-user', 'jason'] });
    assert.equal(told.host, 'reviews.default.svc.cluster.local');
    assert.deepEqual(
      [told.route?.resource, told.route?.file, told.route?.line],
      ['VirtualService default/reviews', 'mesh/test.yaml', 8],
    );
    assert.deepEqual([told.timeoutMs, told.fault?.delayMs, told.mirror.length], [2_000, 1_000, 1]);
    assert.deepEqual(told.cluster, { host: 'reviews.default.svc.cluster.local', subset: '', port: 9080, policy: '' });
    assert.equal(told.candidates.length, 2);
    assert.ok(told.candidates.some(({ endpoint }) => endpoint === told.pick));
    assert.ok(told.reason.length >= 4 && told.reason.every((line) => line.length > 0));
    assert.equal(told.wouldReply, undefined);
    assert.equal(JSON.parse(JSON.stringify(told)).pick, told.pick);
    assert.equal(setup.backends[0]!.seen.length + setup.backends[1]!.seen.length, 1);
  });

  it('tells what the mesh itself would answer', async () => {
    const setup = await reviews(0, { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    assert.deepEqual(setup.client.explain({ url: 'http://reviews:9080/' }).wouldReply, {
      status: 503,
      flag: 'UH',
      body: 'no healthy upstream',
    });
    assert.equal(setup.client.explain({ url: 'http://unknown.test/' }).wouldReply?.status, 502);
    setup.apply(rule('fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }'));
    assert.deepEqual(setup.client.explain({ url: 'http://reviews:9080/' }).wouldReply, {
      status: 418,
      flag: 'FI',
      body: 'fault filter abort',
    });
  });
});
