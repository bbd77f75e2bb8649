import assert from 'node:assert/strict';
import { DerError } from '../../src/der/der-error.ts';
import { decodePem, encodePem } from '../../src/der/pem.ts';

describe('decodePem', () => {
  const der = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
  const pem = encodePem(der, 'CERTIFICATE');

  it('reads what encodePem wrote, several blocks and Windows line ends too', () => {
    assert.deepEqual(decodePem(`${pem}\n${pem.replaceAll('\n', '\r\n')}`, 'CERTIFICATE'), [der, der]);
  });

  const refused = {
    'text before': `subject=x\n${pem}`,
    'text after': `${pem}x`,
    'another kind': encodePem(der, 'PRIVATE KEY'),
    'bad base64': pem.replace('AAEC', 'AA*C'),
    'base64 with stray bits': '-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----\n',
    'an unfinished block': pem.slice(0, -10),
    nothing: '',
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.throws(() => decodePem(text, 'CERTIFICATE'), DerError));
  }
});
