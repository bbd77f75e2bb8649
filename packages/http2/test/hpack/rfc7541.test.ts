import assert from 'node:assert/strict';
import { HpackDecoder, HpackError } from '../../src/hpack/decoder.ts';
import { FieldList } from '../../src/hpack/field-list.ts';

type Pair = readonly [string, string];

interface Example {
  readonly section: string;
  readonly blocks: readonly (readonly [hex: string, fields: readonly Pair[], tableBytes: number])[];
  readonly tableBytes?: number;
}

const REQUESTS: readonly (readonly Pair[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
];

const COOKIE = 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';
const RESPONSES: readonly (readonly Pair[])[] = [
  [
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ],
  [
    [':status', '307'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ],
  [
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ['location', 'https://www.example.com'],
    ['content-encoding', 'gzip'],
    ['set-cookie', COOKIE],
  ],
];

const EXAMPLES: readonly Example[] = [
  { section: 'C.2.1', blocks: [['400a637573746f6d2d6b65790d637573746f6d2d686561646572', [['custom-key', 'custom-header']], 55]] },
  { section: 'C.2.2', blocks: [['040c2f73616d706c652f70617468', [[':path', '/sample/path']], 0]] },
  { section: 'C.2.3', blocks: [['100870617373776f726406736563726574', [['password', 'secret']], 0]] },
  { section: 'C.2.4', blocks: [['82', [[':method', 'GET']], 0]] },
  {
    section: 'C.3',
    blocks: [
      ['828684410f7777772e6578616d706c652e636f6d', REQUESTS[0] as Pair[], 57],
      ['828684be58086e6f2d6361636865', REQUESTS[1] as Pair[], 110],
      ['828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565', REQUESTS[2] as Pair[], 164],
    ],
  },
  {
    section: 'C.4',
    blocks: [
      ['828684418cf1e3c2e5f23a6ba0ab90f4ff', REQUESTS[0] as Pair[], 57],
      ['828684be5886a8eb10649cbf', REQUESTS[1] as Pair[], 110],
      ['828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf', REQUESTS[2] as Pair[], 164],
    ],
  },
  {
    section: 'C.5',
    tableBytes: 256,
    blocks: [
      [
        '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
        RESPONSES[0] as Pair[],
        222,
      ],
      ['4803333037c1c0bf', RESPONSES[1] as Pair[], 222],
      [
        '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
        RESPONSES[2] as Pair[],
        215,
      ],
    ],
  },
  {
    section: 'C.6',
    tableBytes: 256,
    blocks: [
      [
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
        RESPONSES[0] as Pair[],
        222,
      ],
      ['4883640effc1c0bf', RESPONSES[1] as Pair[], 222],
      [
        '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
        RESPONSES[2] as Pair[],
        215,
      ],
    ],
  },
];

function decode(decoder: HpackDecoder, hex: string): FieldList {
  const list = new FieldList(65_536, 256);
  const block = Buffer.from(hex, 'hex');
  decoder.decode(block, 0, block.length, list);
  return list;
}

function pairs(list: FieldList): Pair[] {
  return list.fields.slice(0, list.length).map(({ name, value }) => [name, value]);
}

describe('HpackDecoder', () => {
  for (const { section, blocks, tableBytes } of EXAMPLES) {
    it(`reads RFC 7541 ${section}`, () => {
      const decoder = new HpackDecoder(tableBytes);
      // A table of 256 bytes is what both ends of the example agreed on before.
      if (tableBytes) decode(decoder, '3fe101');
      for (const [hex, fields, size] of blocks) {
        assert.deepEqual(pairs(decode(decoder, hex)), fields);
        assert.equal(decoder.tableSize, size);
      }
    });
  }

  const refused: readonly (readonly [what: string, hex: string])[] = [
    ['index 0 (§6.1)', '80'],
    ['an index beyond the tables (§2.3.3)', 'be'],
    ['an index far beyond the tables (§2.3.3)', 'ffffff7f'],
    ['a literal whose name index is beyond the tables (§2.3.3)', '7f0161'],
    ['an integer that is cut off (§5.1)', 'ff'],
    ['an integer that never ends (§5.1)', 'ff808080808080808001'],
    ['an integer too large for anything (§5.1)', 'ffffffffff0f'],
    ['a string that is cut off (§5.2)', '400a6375'],
    ['a string without a length (§5.2)', '40'],
    ['a string longer than its block (§5.2)', '407fffff0761'],
    ['Huffman padding of more than 7 bits (§5.2)', '0082f1ff0161'],
    ['Huffman padding with zeros (§5.2)', '00810003616263'],
    ['the end symbol within a string (§5.2)', '0085ffffffffff0161'],
    ['a table size beyond our settings (§6.3)', '3fe2ff03'],
    ['a table size update behind a field (§4.2)', '8220'],
  ];
  for (const [what, hex] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decode(new HpackDecoder(), hex), HpackError);
    });
  }

  it('asks for the smaller table once it is acknowledged (RFC 9113 §4.3.1)', () => {
    const decoder = new HpackDecoder(256);
    decode(decoder, '82');
    decoder.acknowledged(256);
    assert.throws(() => decode(decoder, '82'), HpackError);
    const other = new HpackDecoder(256);
    other.acknowledged(256);
    assert.equal(decode(other, '3fe10182').length, 1);
  });

  it('forgets everything on a table size of 0 (§4.3)', () => {
    const decoder = new HpackDecoder();
    decode(decoder, '400a637573746f6d2d6b65790d637573746f6d2d686561646572');
    decode(decoder, '20');
    assert.equal(decoder.tableSize, 0);
    assert.throws(() => decode(decoder, 'be'), HpackError);
  });

  it('empties the table for a field larger than it (§4.4)', () => {
    const decoder = new HpackDecoder();
    decode(decoder, '3f0940016101620000'.slice(0, 4));
    const list = decode(decoder, `4001617f00${'62'.repeat(127)}`);
    assert.equal(list.length, 1);
    assert.equal(decoder.tableSize, 0);
  });

  it('counts a list beyond its limit and keeps no more of it', () => {
    const decoder = new HpackDecoder();
    const list = new FieldList(1000, 256);
    // One field of 100 bytes, then 200 references to it: the HPACK bomb.
    const block = Buffer.from(`4001617f00${'62'.repeat(127)}${'be'.repeat(200)}`, 'hex');
    decoder.decode(block, 0, block.length, list);
    assert.equal(list.overflowed, true);
    assert.ok(list.length < 8);
    assert.equal(list.size, 201 * 160);
  });
});
