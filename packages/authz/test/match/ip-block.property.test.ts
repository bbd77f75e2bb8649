import assert from 'node:assert/strict';
import { BlockList, isIP, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { Address } from '../../src/match/address.ts';
import { IpBlock } from '../../src/match/ip-block.ts';

const odd = fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:./'), maxLength: 24 });

describe('Address', () => {
  it('takes for an address what node takes for one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), odd), (text) => {
        assert.equal(new Address().parse(text), isIP(text) !== 0, text);
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });
});

describe('IpBlock', () => {
  it('holds the addresses that node’s BlockList holds', () => {
    const near = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(near, fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.ipV6(), ([v4, bits, last], v6, bits6, other6) => {
        for (const [base, size, asked] of [
          [v4, bits, v4.replace(/\d+$/, String(last))],
          [v6, bits6, other6],
          [v6, bits6, v6],
        ] as const) {
          const list = new BlockList();
          const family = isIPv4(base) ? 'ipv4' : 'ipv6';
          list.addSubnet(base, size, family);
          const address = new Address();
          address.parse(asked);
          // Mapped addresses are IPv4 here, and IPv6 to node.
          if (address.family === 4 && family === 'ipv6') continue;
          const block = IpBlock.parse(`${base}/${size}`);
          if (block?.family !== address.family) continue;
          assert.equal(block.contains(address), list.check(asked, family), `${asked} in ${base}/${size}`);
        }
      }),
      { numRuns: 3_000, seed: 8 },
    );
  });

  it('is nothing for what is no block', () => {
    for (const text of [
      '',
      '10.0.0.0/33',
      '10.0.0/8',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '::1%eth0',
      '::ffff:1.2.3.4/90',
    ])
      assert.equal(IpBlock.parse(text), undefined, text);
  });
});
