import assert from 'node:assert/strict';
import { Cell, constant, derive, whenValue } from '../src/watched.ts';

describe('Cell', () => {
  it('tells each listener every later value once, and nothing for an identical one', () => {
    const cell = new Cell(1);
    const seen: number[] = [];
    const unsubscribe = cell.subscribe((value) => seen.push(value));
    cell.set(1);
    cell.set(2);
    unsubscribe();
    cell.set(3);
    assert.deepEqual(seen, [2]);
    assert.equal(cell.value, 3);
  });

  it('tells all listeners even when one throws, then rethrows to the setter', () => {
    const cell = new Cell(0);
    const seen: number[] = [];
    cell.subscribe(() => {
      throw new Error('first');
    });
    cell.subscribe((value) => seen.push(value));
    assert.throws(() => cell.set(1), /first/);
    assert.deepEqual(seen, [1]);
  });

  it('keeps two subscriptions of one function apart', () => {
    const cell = new Cell(0);
    let calls = 0;
    const listener = (): void => void calls++;
    const first = cell.subscribe(listener);
    cell.subscribe(listener);
    first();
    cell.set(1);
    assert.equal(calls, 1);
  });
});

describe('derive', () => {
  it('follows its sources until closed', () => {
    const left = new Cell(1);
    const right = new Cell(10);
    const sum = derive([left, right, constant(100)], (a, b, c) => a + b + c);
    assert.equal(sum.value, 111);
    left.set(2);
    assert.equal(sum.value, 112);
    sum.close();
    right.set(20);
    assert.equal(sum.value, 112);
  });

  it('keeps the last good value when compute throws', () => {
    const source = new Cell(1);
    const errors: unknown[] = [];
    const inverse = derive(
      [source],
      (value) => {
        if (value === 0) throw new Error('zero');
        return 1 / value;
      },
      (error) => errors.push(error),
    );
    source.set(0);
    assert.equal(inverse.value, 1);
    assert.equal(errors.length, 1);
    source.set(2);
    assert.equal(inverse.value, 0.5);
  });
});

describe('whenValue', () => {
  it('resolves with the present value when it fits, else with the first later one', async () => {
    const cell = new Cell(1);
    assert.equal(await whenValue(cell, (value) => value === 1), 1);
    const later = whenValue(cell, (value) => value > 2);
    cell.set(2);
    cell.set(3);
    assert.equal(await later, 3);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const controller = new AbortController();
    const waiting = whenValue(new Cell(0), (value) => value > 0, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  });
});
