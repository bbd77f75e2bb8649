import assert from 'node:assert/strict';
import { sleep, systemClock } from '../src/clock.ts';
import { seededRandom } from '../src/random.ts';
import { fakeClock } from '../src/testing.ts';

describe('sleep', () => {
  it('waits on the given clock', async () => {
    const clock = fakeClock();
    let woke = false;
    void sleep(clock, 1_000).then(() => (woke = true));
    await clock.advanceAsync(999);
    assert.equal(woke, false);
    await clock.advanceAsync(1);
    assert.equal(woke, true);
  });

  it('ends early with the reason of an aborted signal and leaves no timer', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 1_000, controller.signal);
    controller.abort(new Error('stop'));
    await assert.rejects(sleeping, /stop/);
    assert.equal(clock.pending, 0);
  });
});

describe('systemClock', () => {
  it('fires timers and takes them back', async () => {
    let wrong = false;
    systemClock.setTimeout(() => (wrong = true), 1).cancel();
    const keepAlive = setInterval(() => {}, 1_000);
    await sleep(systemClock, 5);
    clearInterval(keepAlive);
    assert.equal(wrong, false);
  });
});

describe('seededRandom', () => {
  it('repeats for a seed, spreads evenly, and never reaches the bound', () => {
    const first = seededRandom(7);
    const second = seededRandom(7);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const drawn = first.int(10);
      assert.equal(drawn, second.int(10));
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    assert.ok(
      counts.every((count) => count > 850 && count < 1_150),
      counts.join(),
    );
  });
});
