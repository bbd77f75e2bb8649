import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeDer, encodeDer } from '../../src/der/asn1.ts';
import { DerError } from '../../src/der/der-error.ts';
import { assertStrictDer, REQUEST_LIMITS } from '../../src/der/strict-der.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('assertStrictDer', () => {
  const accepted = {
    'an empty SEQUENCE': '30 00',
    'a SEQUENCE of INTEGER and BOOLEAN': '30 06 02 01 05 01 01 ff',
    'a long length that needs it': `04 81 80 ${'00'.repeat(128)}`,
    'a context tag': 'a0 02 05 00',
    'an integer with a needed zero': '02 02 00 80',
    'a UTCTime': `17 0d ${Buffer.from('260101000000Z').toString('hex')}`,
  };
  for (const [what, der] of Object.entries(accepted)) {
    it(`lets ${what} through`, () => assertStrictDer(hex(der), REQUEST_LIMITS));
  }

  const refused = {
    nothing: '',
    'a lone tag': '30',
    'bytes after the end': '30 00 00',
    'an indefinite length': '30 80 05 00 00 00',
    'a long length where a short one does': '04 81 01 00',
    'a long length with a leading zero': `04 82 00 80 ${'00'.repeat(128)}`,
    'a length beyond its holder': '30 03 04 05 00',
    'a child beyond its parent': '30 02 04 03 00 00 00',
    'a length of five bytes': '04 85 00 00 00 00 01 00',
    'a high tag number': '1f 81 01 00',
    'context tag 9': '89 00',
    'an APPLICATION tag': '41 00',
    'a PRIVATE tag': 'c1 00',
    'a context tag 30, which forge takes for a BMPString': '9e 02 00 41',
    'a primitive SEQUENCE': '10 00',
    'a constructed OCTET STRING': '24 03 04 01 00',
    'a BOOLEAN of 1': '01 01 01',
    'an INTEGER with a needless zero': '02 02 00 01',
    'an INTEGER with a needless ff': '02 02 ff 80',
    'an empty INTEGER': '02 00',
    'a NULL with content': '05 01 00',
    'an OID with a padded arc': '06 03 2a 80 01',
    'an OID cut within an arc': '06 02 2a 86',
    'an OID with an arc of six bytes': '06 07 2a 81 80 80 80 80 01',
    'a BIT STRING with eight unused bits': '03 02 08 00',
    'a BIT STRING with unused bits that are set': '03 02 01 01',
    'an empty BIT STRING with unused bits': '03 01 01',
    'a UTF8String that is none': '0c 01 ff',
    'a PrintableString with an underscore': '13 01 5f',
    'an IA5String with a high byte': '16 01 80',
    'a UTCTime without seconds': `17 0b ${Buffer.from('2601010000Z').toString('hex')}`,
    'a T61String': '14 01 41',
    'a BMPString': '1e 02 00 41',
  };
  for (const [what, der] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.throws(() => assertStrictDer(hex(der), REQUEST_LIMITS), DerError));
  }

  it('refuses nesting beyond the limit, a bomb of nested lengths included', () => {
    let bomb = Buffer.alloc(0);
    while (bomb.length < 4000) bomb = Buffer.concat([lengthPrefixed(0x30, bomb.length), bomb]);
    assert.throws(() => assertStrictDer(bomb, REQUEST_LIMITS), /nested deeper/);
  });

  it('refuses more elements than the limit', () => {
    const body = Buffer.alloc(1200).fill(hex('05 00'));
    assert.throws(
      () => assertStrictDer(Buffer.concat([lengthPrefixed(0x30, body.length), body]), REQUEST_LIMITS),
      /more than 512/,
    );
  });

  it('refuses more bytes than the limit', () => {
    assert.throws(() => assertStrictDer(Buffer.alloc(65_536), REQUEST_LIMITS), /longer than 4096/);
  });

  it('only ever throws DerError, and what it lets through decodes and encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          assertStrictDer(bytes, REQUEST_LIMITS);
        } catch (error) {
          assert.ok(error instanceof DerError);
          return;
        }
        try {
          assert.deepEqual(encodeDer(decodeDer(bytes, REQUEST_LIMITS)), Buffer.from(bytes));
        } catch (error) {
          assert.ok(error instanceof DerError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function lengthPrefixed(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  if (length < 0x100) return Buffer.from([tag, 0x81, length]);
  return Buffer.from([tag, 0x82, length >> 8, length & 0xff]);
}
