import assert from 'node:assert/strict';
import { fakeClock, settle } from '@lateen/core/testing';
import { WaitingRoom } from '../../src/watch/waiting-room.ts';

describe('WaitingRoom', () => {
  it('resolves at once when there is nothing to wait for, or no time to', async () => {
    const clock = fakeClock();
    const room = new WaitingRoom(clock);
    await room.wait(() => true, 1_000);
    await room.wait(() => false, 0);
    assert.equal(clock.pending, 0);
  });

  it('resolves when a recheck finds it done, and leaves no timer', async () => {
    const clock = fakeClock();
    const room = new WaitingRoom(clock);
    let done = false;
    let resolved = false;
    void room.wait(() => done, 1_000).then(() => (resolved = true));
    room.recheck();
    await settle();
    assert.equal(resolved, false);
    done = true;
    room.recheck();
    await settle();
    assert.equal(resolved, true);
    assert.equal(clock.pending, 0);
  });

  it('resolves when the time is over', async () => {
    const clock = fakeClock();
    let resolved = false;
    void new WaitingRoom(clock).wait(() => false, 1_000).then(() => (resolved = true));
    await clock.advanceAsync(999);
    assert.equal(resolved, false);
    await clock.advanceAsync(1);
    await settle();
    assert.equal(resolved, true);
  });
});
