import assert from 'node:assert/strict';
import { isLateenError } from '@lateen/core';
import { clockSkewMs, refuseSkew, refuseUntimely } from '../../src/join/clock-skew.ts';

const URL = 'https://127.0.0.1:15012';
const NOW = Date.UTC(2026, 0, 1, 12);
const skewed = (words: string) => (error: unknown) =>
  isLateenError(error) && error.code === 'LATEEN_CLOCK_SKEW' && error.message.includes(words) && error.message.includes(URL);

describe('clockSkewMs', () => {
  it('is our clock less the Date header, and 0 without one', () => {
    assert.equal(clockSkewMs(new Date(NOW - 60_000).toUTCString(), NOW), 60_000);
    assert.equal(clockSkewMs(undefined, NOW), 0);
    assert.equal(clockSkewMs('yesterday', NOW), 0);
  });
});

describe('refuseSkew', () => {
  it('says by how much and which way beyond five minutes', () => {
    refuseSkew(299_000, URL);
    assert.throws(() => refuseSkew(600_000, URL), skewed('10m ahead of'));
    assert.throws(() => refuseSkew(-600_000, URL), skewed('10m behind'));
  });
});

describe('refuseUntimely', () => {
  const certificate = { notBefore: NOW, notAfter: NOW + 3_600_000 };

  it('forgives a minute', () => {
    refuseUntimely(certificate, NOW - 59_000, URL);
    refuseUntimely(certificate, NOW + 3_600_000 + 59_000, URL);
  });

  it('blames the clock when a fresh certificate is not valid by it', () => {
    assert.throws(() => refuseUntimely(certificate, NOW - 120_000, URL), skewed('2m behind'));
    assert.throws(() => refuseUntimely(certificate, NOW + 3_600_000 + 120_000, URL), skewed('2m ahead of'));
  });
});
