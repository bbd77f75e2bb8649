import assert from 'node:assert/strict';
import { dnsLookup } from '../../src/dns/dns-lookup.ts';

describe('dnsLookup', () => {
  it('asks nobody for the name of this machine', async () => {
    const [first] = await dnsLookup()('localhost');
    assert.match(first?.address ?? '', /^127\.|^::1$/);
  });
});
