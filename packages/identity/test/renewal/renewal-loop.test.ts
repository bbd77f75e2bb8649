import assert from 'node:assert/strict';
import { seededRandom, silentLogger } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import { RenewalLoop } from '../../src/renewal/renewal-loop.ts';
import type { Svid } from '../../src/svid.ts';
import { testAuthority } from '../../src/testing.ts';

const HOUR = 3_600_000;

function setUp() {
  const clock = fakeClock();
  const authority = testAuthority(clock.wallNow());
  const fresh = (): Svid =>
    authority.svid('reviews', { receivedAt: clock.wallNow(), notAfter: clock.wallNow() + HOUR, notBefore: clock.wallNow() });
  const tries: number[] = [];
  const renewed: Svid[] = [];
  const failures: unknown[] = [];
  let answer: () => Promise<Svid> = async () => fresh();
  const startedAt = clock.wallNow();
  const loop = new RenewalLoop({
    renew: () => {
      tries.push(clock.wallNow() - startedAt);
      return answer();
    },
    onRenewed: (svid) => renewed.push(svid),
    onFailed: (error) => failures.push(error),
    clock,
    random: seededRandom(7),
    logger: silentLogger,
  });
  return { clock, loop, fresh, tries, renewed, failures, answerWith: (next: () => Promise<Svid>) => (answer = next) };
}

describe('RenewalLoop', () => {
  it('renews at half-life, again and again', async () => {
    const { clock, loop, fresh, tries, renewed } = setUp();
    loop.start(fresh());
    await clock.advanceAsync(0.39 * HOUR);
    assert.equal(tries.length, 0);
    await clock.advanceAsync(0.22 * HOUR);
    assert.equal(tries.length, 1);
    await clock.advanceAsync(3 * HOUR);
    assert.ok(tries.length >= 5 && tries.length <= 8, String(tries.length));
    assert.equal(new Set(renewed.map(({ serial }) => serial)).size, renewed.length);
    loop.stop();
    assert.equal(clock.pending, 0);
  });

  it('tries again sooner when it fails, also after the end, and goes back to normal', async () => {
    const { clock, loop, fresh, tries, renewed, failures, answerWith } = setUp();
    answerWith(async () => Promise.reject(new Error('unreachable')));
    loop.start(fresh());
    await clock.advanceAsync(1.2 * HOUR);
    assert.ok(tries.length > 30);
    assert.equal(failures.length, tries.length);
    assert.ok((tries[1] as number) - (tries[0] as number) <= 1000);
    answerWith(async () => fresh());
    await clock.advanceAsync(61_000);
    assert.equal(renewed.length, 1);
    const count = tries.length;
    await clock.advanceAsync(0.3 * HOUR);
    assert.equal(tries.length, count);
    loop.stop();
  });

  it('counts from receipt: a certificate loaded late is renewed at once', async () => {
    const { clock, loop, fresh, tries } = setUp();
    const loaded = fresh();
    clock.shiftWall(0.7 * HOUR);
    loop.start(loaded);
    await clock.advanceAsync(0);
    assert.equal(tries.length, 1);
    loop.stop();
  });

  it('notices within half a minute that the machine slept', async () => {
    const { clock, loop, fresh, tries } = setUp();
    loop.start(fresh());
    clock.shiftWall(0.7 * HOUR);
    await clock.advanceAsync(30_000);
    assert.equal(tries.length, 1);
    loop.stop();
  });

  it('runs one renewal at a time and forgets its answer when it was stopped meanwhile', async () => {
    const { clock, loop, fresh, tries, renewed, answerWith } = setUp();
    let give: (svid: Svid) => void = () => {};
    answerWith(() => new Promise((resolve) => (give = resolve)));
    loop.start(fresh());
    loop.renewNow();
    loop.renewNow();
    assert.equal(tries.length, 1);
    loop.stop();
    give(fresh());
    await settle();
    assert.equal(renewed.length, 0);
    assert.equal(clock.pending, 0);
  });
});
