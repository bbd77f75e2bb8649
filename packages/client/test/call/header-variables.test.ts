import assert from 'node:assert/strict';
import { closeAll, get, reviews, rule } from '../support/setup.ts';

describe('variablesOf', () => {
  afterEach(closeAll);

  it('fills the variables of request headers from the call, and leaves out what comes out empty', async () => {
    const setup = await reviews(1, {
      yaml: rule(
        `name: all
headers:
  request:
    set:
      x-user: "%REQ(end-user?user-agent)%"
      x-path: "%REQ(:path)%"
      x-route: "%ROUTE_NAME% to %UPSTREAM_CLUSTER%"
      x-missing: "%REQ(x-nobody)%"
      x-code: "%RESPONSE_CODE%"
    add: { x-share: "100%% %PROTOCOL%" }`,
      ),
    });
    await get(setup, '/reviews/0', { headers: { 'end-user': 'jason' } });
    const headers = setup.backends[0]!.seen[0]!.headers;
    assert.equal(headers['x-user'], 'jason');
    assert.equal(headers['x-path'], '/reviews/0');
    assert.equal(headers['x-route'], 'all to outbound|9080||reviews.default.svc.cluster.local');
    assert.equal(headers['x-missing'], undefined);
    assert.equal(headers['x-code'], undefined);
    assert.equal(headers['x-share'], '100% HTTP/1.1');
  });

  it('reads the answer for response headers', async () => {
    const setup = await reviews(1, {
      yaml: rule(
        'headers: { response: { set: { x-told: "%RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(:method)% of %UPSTREAM_REQUEST_ATTEMPT_COUNT%" } } }',
      ),
    });
    const answer = await get(setup);
    assert.equal(answer.headers['x-told'], '200 - GET of 1');
  });
});
