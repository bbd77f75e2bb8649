import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import type { DnsAddress } from '../../src/dns/dns-lookup.ts';
import { DnsNames } from '../../src/dns/dns-names.ts';

function setUp() {
  const clock = fakeClock();
  const zone = new Map<string, readonly DnsAddress[] | Error>();
  const asked: string[] = [];
  const changes: string[] = [];
  const names = new DnsNames({
    clock,
    random: seededRandom(3),
    lookup: async (name) => {
      asked.push(name);
      const answer = zone.get(name) ?? Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onChange: (name, error) => changes.push(error ? `${name}: ${error.message}` : name),
  });
  const set = (name: string, ttlSeconds: number, ...addresses: string[]): void => {
    zone.set(
      name,
      addresses.map((address) => ({ address, ttlSeconds })),
    );
  };
  return { clock, zone, set, asked, changes, names };
}

const timeout = Object.assign(new Error('timed out'), { code: 'ETIMEOUT' });

describe('DnsNames', () => {
  it('resolves at once and again when the lifetime is over, not before', async () => {
    const { clock, set, asked, names } = setUp();
    set('a', 60, '10.0.0.1');
    names.keep(new Set(['a']));
    assert.deepEqual(names.answer('a'), { addresses: [], ready: false, staleSince: 0 });
    await settle();
    assert.deepEqual(names.answer('a'), { addresses: ['10.0.0.1'], ready: true, staleSince: 0 });
    await clock.advanceAsync(59_000);
    assert.equal(asked.length, 1);
    await clock.advanceAsync(7_000);
    assert.equal(asked.length, 2);
  });

  for (const [ttlSeconds, fewest, most] of [
    [0, 90, 100],
    [86_400, 1, 2],
  ] as const) {
    it(`bounds a lifetime of ${ttlSeconds} s`, async () => {
      const { clock, set, asked, names } = setUp();
      set('a', ttlSeconds, '10.0.0.1');
      names.keep(new Set(['a']));
      await clock.advanceAsync(ttlSeconds === 0 ? 100_000 : 310_000);
      assert.ok(asked.length - 1 >= fewest - 1 && asked.length - 1 <= most, String(asked.length));
    });
  }

  it('is not moved by servers that turn the order round', async () => {
    const { clock, set, changes, names } = setUp();
    set('a', 1, '10.0.0.1', '10.0.0.2');
    names.keep(new Set(['a']));
    await settle();
    set('a', 1, '10.0.0.2', '10.0.0.1');
    await clock.advanceAsync(5_000);
    assert.deepEqual(changes, ['a']);
  });

  it('keeps the last addresses of a name that stops resolving, and says since when', async () => {
    const { clock, set, zone, changes, names } = setUp();
    set('a', 1, '10.0.0.1');
    names.keep(new Set(['a']));
    await settle();
    zone.set('a', timeout);
    await clock.advanceAsync(2_000);
    const { addresses, staleSince } = names.answer('a');
    assert.deepEqual(addresses, ['10.0.0.1']);
    assert.ok(staleSince > 0);
    zone.delete('a');
    await clock.advanceAsync(60_000);
    assert.equal(names.answer('a').staleSince, staleSince, 'the first failure counts');
    set('a', 60, '10.0.0.2');
    await clock.advanceAsync(40_000);
    assert.deepEqual(names.answer('a'), { addresses: ['10.0.0.2'], ready: true, staleSince: 0 });
    assert.deepEqual(changes, ['a', 'a: timed out', 'a']);
  });

  it('takes "no such name" for an answer and a timeout for none', async () => {
    const { zone, names } = setUp();
    zone.set('slow', timeout);
    names.keep(new Set(['absent', 'slow']));
    await settle();
    assert.equal(names.answer('absent').ready, true);
    assert.equal(names.answer('slow').ready, false);
    assert.ok(names.staleSince > 0);
  });

  it('forgets names that are no longer asked for, and everything when closed', async () => {
    const { clock, set, asked, names } = setUp();
    set('a', 1, '10.0.0.1');
    set('b', 1, '10.0.0.2');
    names.keep(new Set(['a', 'b']));
    await settle();
    names.keep(new Set(['b']));
    await clock.advanceAsync(5_000);
    assert.equal(asked.filter((name) => name === 'a').length, 1);
    names.close();
    assert.equal(clock.pending, 0);
  });
});
