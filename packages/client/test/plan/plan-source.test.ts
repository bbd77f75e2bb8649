import assert from 'node:assert/strict';
import { service } from '../support/fake-registry.ts';
import { failure } from '../support/failure.ts';
import { closeAll, get, reviews, rule } from '../support/setup.ts';

const subsets = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
`;
const to = (subset: string): string => rule('', `route: [{ destination: { host: reviews, subset: ${subset} } }]`) + subsets;

describe('PlanSource', () => {
  afterEach(closeAll);

  it('is in force when the setter returns', async () => {
    const setup = await reviews(2, { yaml: to('v1') });
    const seen: number[] = [];
    setup.client.plan.subscribe(({ revision }) => seen.push(revision));
    setup.apply(to('v2'));
    assert.equal(seen.length, 1);
    assert.equal(setup.client.plan.value.revision, seen[0]);
    await get(setup);
    assert.equal(setup.backends[1]!.seen.length, 1);
  });

  it('loses no request while configurations change under load', async () => {
    const setup = await reviews(2, { yaml: to('v1') });
    let changes = 0;
    const statuses = new Map<number, number>();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 40; i++) {
          if (i % 10 === 0) setup.apply(to(changes++ % 2 === 0 ? 'v2' : 'v1'));
          const { status } = await get(setup);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
    assert.deepEqual([...statuses], [[200, 320]]);
    assert.ok(setup.backends.every(({ seen }) => seen.length > 0));
  });

  it('keeps a call on the plan it began with', async () => {
    const setup = await reviews(2, { yaml: `${to('v1')}` });
    const answered = new Promise<void>((resolve) => {
      setup.backends[0]!.answer = (_request, response) => {
        resolve();
        setTimeout(() => response.end('from v1'), 40);
      };
    });
    const running = get(setup);
    await answered;
    setup.apply(to('v2'));
    assert.equal((await running).body, 'from v1');
  });

  it('keeps the last good plan and tells the setter when a configuration cannot be compiled', async () => {
    const setup = await reviews(1, { yaml: to('v1') });
    const before = setup.client.plan.value;
    const broken = to('v1')
      .replace('hosts: [reviews]', 'hosts: [reviews]')
      .replace('- route:', '- match: [{ uri: { regex: "(" } }]\n      route:');
    assert.throws(() => setup.apply(broken));
    assert.equal(setup.client.plan.value, before);
    assert.equal((await get(setup)).status, 200);
  });

  it('follows the catalogue of services', async () => {
    const setup = await reviews(1, { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    setup.registry.services.set([]);
    assert.equal((await get(setup)).status, 502);
    setup.registry.services.set([service('reviews')]);
    assert.equal((await get(setup)).status, 200);
  });

  it('does not wait for an endpoint set that never came', async () => {
    const setup = await reviews(1);
    setup.registry.services.set([service('details')]);
    const error = await failure(setup.client.request('http://details:9080/'));
    assert.equal(error.code, 'LATEEN_NO_HEALTHY_ENDPOINT');
  });
});
