import assert from 'node:assert/strict';
import { fakeClock } from '@lateen/core/testing';
import { Leases } from '../../src/registry/leases.ts';

const setUp = () => {
  const clock = fakeClock();
  const connected = new Set<string>();
  const expired: string[] = [];
  const leases = new Leases({
    leaseMs: 10_000,
    clock,
    isConnected: (instance) => connected.has(instance),
    onExpired: (instance) => expired.push(instance),
  });
  return { clock, connected, expired, leases };
};

describe('Leases', () => {
  it('ends an instance that was not heard of for the lease', () => {
    const { clock, expired, leases } = setUp();
    leases.renew('a');
    clock.advance(9_900);
    assert.deepEqual(expired, []);
    clock.advance(700);
    assert.deepEqual(expired, ['a']);
  });

  it('does not run while a stream is open, and runs whole once it is lost', () => {
    const { clock, connected, expired, leases } = setUp();
    connected.add('a');
    leases.renew('a');
    clock.advance(60_000);
    connected.delete('a');
    clock.advance(9_000);
    assert.deepEqual(expired, []);
    clock.advance(2_000);
    assert.deepEqual(expired, ['a']);
  });

  it('does not count the time that lateend itself stood still', () => {
    const clock = fakeClock();
    let jumpedMs = 0;
    const expired: string[] = [];
    const leases = new Leases({
      leaseMs: 10_000,
      clock: { ...clock, now: () => clock.now() + jumpedMs },
      isConnected: () => false,
      onExpired: (instance) => expired.push(instance),
    });
    leases.renew('a');
    jumpedMs = 60_000;
    clock.advance(9_000);
    assert.deepEqual(expired, []);
    clock.advance(3_000);
    assert.deepEqual(expired, ['a']);
  });

  it('forgets a dropped one, and stops when closed', () => {
    const { clock, expired, leases } = setUp();
    leases.renew('a');
    leases.drop('a');
    leases.renew('b');
    leases.close();
    clock.advance(60_000);
    assert.deepEqual(expired, []);
    assert.equal(clock.pending, 0);
  });
});
