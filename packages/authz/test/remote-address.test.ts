import assert from 'node:assert/strict';
import { remoteAddress } from '@lateen/authz';

const of = (forwarded: readonly string[], numTrustedProxies: number, isGateway = true): string =>
  remoteAddress(
    forwarded.flatMap((line) => ['X-Forwarded-For', line]),
    '10.0.0.1',
    { isGateway, numTrustedProxies },
  );

describe('remoteAddress', () => {
  it('is the peer at a gateway without trusted proxies', () => {
    assert.equal(of(['1.1.1.1'], 0), '10.0.0.1');
  });

  it('counts from the end by trusted proxies, over all lines', () => {
    assert.equal(of(['1.1.1.1, 2.2.2.2'], 1), '2.2.2.2');
    assert.equal(of(['1.1.1.1', '2.2.2.2'], 2), '1.1.1.1');
    assert.equal(of(['1.1.1.1'], 2), '10.0.0.1');
  });

  it('is the last entry at any other process, however many proxies are trusted', () => {
    assert.equal(of(['1.1.1.1, 2001:db8::1'], 0, false), '2001:db8::1');
    assert.equal(of(['1.1.1.1, 2.2.2.2'], 2, false), '2.2.2.2');
  });

  it('takes what is no address for absent', () => {
    for (const entry of ['garbage', '1.1.1.1:80', '01.1.1.1', '']) assert.equal(of([entry], 1), '10.0.0.1', entry);
  });
});
