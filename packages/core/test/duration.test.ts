import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDurationMs } from '../src/duration.ts';

describe('parseDurationMs', () => {
  for (const [text, ms] of [
    ['0', 0],
    ['1s', 1_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['1h2m3s', 3_723_000],
    ['.5m', 30_000],
    ['10us', 0.01],
  ] as const) {
    it(`reads ${text} as ${ms} ms`, () => assert.equal(parseDurationMs(text), ms));
  }
  for (const text of ['', '5', 's', '1 s', '-1s', '1d', '1s5', 'abc', '1..5s', '1e3s']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDurationMs(text), undefined));
  }
  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 3_600_000 }), (ms) => {
        assert.ok(Math.abs((parseDurationMs(formatDuration(ms) || '0') as number) - ms) < 1e-6);
      }),
    );
  });
});
