import assert from 'node:assert/strict';
import { advertisedAddress } from '../src/advertised-address.ts';

const nic = (address: string, internal: boolean, family: 'IPv4' | 'IPv6' = 'IPv4') => ({
  address,
  internal,
  family,
  netmask: '',
  mac: '',
  cidr: null,
  scopeid: 0,
});
const machine = { lo: [nic('127.0.0.1', true)], eth0: [nic('fe80::1', false, 'IPv6'), nic('10.1.2.3', false)] };
const bound = (address: string) => ({ address, port: 9080, family: 'IPv4' });

describe('advertisedAddress', () => {
  for (const [title, address, option, expected] of [
    ['the bound address', '127.0.0.1', undefined, { address: '127.0.0.1', port: 9080 }],
    ['the first external one when bound to all', '::', undefined, { address: '10.1.2.3', port: 9080 }],
    ['the option, port kept', '::', 'reviews.local', { address: 'reviews.local', port: 9080 }],
    ['the option with a port', '::', '10.9.9.9:80', { address: '10.9.9.9', port: 80 }],
    ['an IPv6 option', '::', '2001:db8::1', { address: '2001:db8::1', port: 9080 }],
    ['a bracketed IPv6 option with a port', '::', '[2001:db8::1]:81', { address: '2001:db8::1', port: 81 }],
  ] as const) {
    it(`is ${title}`, () => assert.deepEqual(advertisedAddress(bound(address), option, machine as never), expected));
  }

  it('is loopback on a machine without a network', () => {
    assert.equal(advertisedAddress(bound('0.0.0.0'), undefined, { lo: machine.lo } as never).address, '127.0.0.1');
  });
});
