import assert from 'node:assert/strict';
import { LateenError } from '../src/errors.ts';
import { lateenErrorIn, localReplyBody } from '../src/local-reply.ts';

describe('lateenErrorIn', () => {
  const outage = new LateenError('LATEEN_NO_HEALTHY_ENDPOINT', 'none');
  it('finds the error itself and the cause that fetch wraps', () => {
    assert.equal(lateenErrorIn(outage), outage);
    assert.equal(lateenErrorIn(new TypeError('fetch failed', { cause: outage })), outage);
  });
  it('finds nothing in other errors, and ends on a circle of causes', () => {
    const circle: Error = new Error('a');
    circle.cause = circle;
    assert.equal(lateenErrorIn(circle), undefined);
    assert.equal(lateenErrorIn('text'), undefined);
    assert.equal(lateenErrorIn(undefined), undefined);
  });
});

describe('localReplyBody', () => {
  it("speaks Envoy's words and tells no internals", () => {
    assert.equal(localReplyBody('LATEEN_NO_HEALTHY_ENDPOINT'), 'no healthy upstream');
    assert.equal(localReplyBody('LATEEN_TIMEOUT'), 'upstream request timeout');
    assert.equal(localReplyBody('LATEEN_STATE_CORRUPT'), 'request could not be served');
  });
});
