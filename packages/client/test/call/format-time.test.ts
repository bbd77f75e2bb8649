import assert from 'node:assert/strict';
import { formatTime } from '../../src/call/format-time.ts';

const AT = Date.UTC(2026, 2, 4, 5, 6, 7, 89);

describe('formatTime', () => {
  it('is ISO 8601 with milliseconds without a format', () => {
    assert.equal(formatTime(AT, ''), '2026-03-04T05:06:07.089Z');
  });

  it('knows the letters of strftime and fractions of a second', () => {
    assert.equal(formatTime(AT, '%Y/%m/%dT%H:%M:%S%z'), '2026/03/04T05:06:07+0000');
    assert.equal(formatTime(AT, '%F %T.%3f %%'), '2026-03-04 05:06:07.089 %');
    assert.equal(formatTime(AT, '%s'), String(Math.floor(AT / 1000)));
    assert.equal(formatTime(AT, '%f'), '089000000');
  });
});
