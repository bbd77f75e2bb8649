import assert from 'node:assert/strict';
import { Closers } from '../src/closers.ts';

describe('Closers', () => {
  it('closes in the opposite order, once', async () => {
    const closers = new Closers();
    const closed: number[] = [];
    closers.add(() => closed.push(1));
    closers.add(async () => closed.push(2));
    await closers.closeAll();
    await closers.closeAll();
    assert.deepEqual(closed, [2, 1]);
  });

  it('goes on after a failure, and tells the first', async () => {
    const closers = new Closers();
    let closed = false;
    closers.add(() => (closed = true));
    closers.add(() => Promise.reject(new Error('second')));
    closers.add(() => {
      throw new Error('first');
    });
    await assert.rejects(closers.closeAll(), /first/);
    assert.equal(closed, true);
  });
});
