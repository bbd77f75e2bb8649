import assert from 'node:assert/strict';
import { type Admitted, RequestLimiter } from '../../src/admission/request-limiter.ts';

const NONE = Number.POSITIVE_INFINITY;

/** Requests that write down when they are served. */
function requests(served: number[]): (name: number) => Admitted {
  return (name) => ({ stage: 'outside', serve: () => void served.push(name) });
}

describe('RequestLimiter', () => {
  it('refuses what exceeds maxRequests, and takes others again when one has left', () => {
    const served: number[] = [];
    const request = requests(served);
    const limiter = new RequestLimiter({ maxRequests: 1, maxConnections: NONE, maxPendingRequests: NONE });
    const first = request(1);
    assert.deepEqual([limiter.enter(first), limiter.enter(request(2))], [true, false]);
    limiter.leave(first);
    assert.equal(limiter.enter(request(3)), true);
    assert.deepEqual(served, [1, 3]);
  });

  it('lets wait in order what exceeds maxConnections, up to maxPendingRequests', () => {
    const served: number[] = [];
    const request = requests(served);
    const limiter = new RequestLimiter({ maxRequests: NONE, maxConnections: 1, maxPendingRequests: 2 });
    const all = [1, 2, 3, 4].map(request);
    assert.deepEqual(
      all.map((each) => limiter.enter(each)),
      [true, true, true, false],
    );
    assert.deepEqual(served, [1]);
    limiter.leave(all[0]!);
    limiter.leave(all[1]!);
    assert.deepEqual(served, [1, 2, 3]);
  });

  it('forgets a caller that goes while it waits', () => {
    const served: number[] = [];
    const request = requests(served);
    const limiter = new RequestLimiter({ maxRequests: NONE, maxConnections: 1, maxPendingRequests: NONE });
    const all = [1, 2, 3].map(request);
    for (const each of all) limiter.enter(each);
    limiter.leave(all[1]!);
    limiter.leave(all[0]!);
    assert.deepEqual(served, [1, 3]);
  });

  it('follows limits that change while requests are inside', () => {
    const request = requests([]);
    const limiter = new RequestLimiter({ maxRequests: 2, maxConnections: NONE, maxPendingRequests: NONE });
    limiter.enter(request(1));
    limiter.pool = { maxRequests: 1, maxConnections: NONE, maxPendingRequests: NONE };
    assert.equal(limiter.enter(request(2)), false);
  });
});
