import assert from 'node:assert/strict';
import fc from 'fast-check';
import { primitive, TAG } from '../../src/der/asn1.ts';
import { octetString, sequence, utf8String } from '../../src/der/der-builders.ts';
import { DerError } from '../../src/der/der-error.ts';
import { testAuthority } from '../../src/testing.ts';
import { alternativeNames } from '../../src/x509/alternative-names.ts';
import { type Extension, extension } from '../../src/x509/extension.ts';
import { basicConstraints } from '../../src/x509/key-usage.ts';
import { OID } from '../../src/x509/oids.ts';
import { parseCertificate } from '../../src/x509/parse-certificate.ts';

const authority = testAuthority(Date.now());
const ID = 'spiffe://cluster.local/ns/default/sa/reviews';
const SAN = alternativeNames({ uris: [ID] }, true);
const claims = (text: string): Extension => extension(OID.workloadClaims, false, utf8String(text));
const read = (...extensions: readonly Extension[]) => parseCertificate(authority.certificate({ extensions }).certificate.raw);

describe('parseCertificate', () => {
  it('names critical extensions that it does not know', () => {
    assert.deepEqual(read(SAN, extension('1.2.3.4', true, octetString(Buffer.alloc(1)))).unknownCritical, ['1.2.3.4']);
    assert.deepEqual(read(SAN, extension('1.2.3.4', false, octetString(Buffer.alloc(1)))).unknownCritical, []);
  });

  it('reads labels as they stand, a __proto__ included, as data', () => {
    const parsed = read(SAN, claims('{"labels":{"app":"a","workload":"w","__proto__":"x"},"services":[]}'));
    assert.equal(Object.getPrototypeOf(parsed.claims.labels), Object.prototype);
    assert.equal(parsed.claims.labels?.app, 'a');
  });

  const refused = {
    'an extension twice': [SAN, SAN],
    'claims that are no JSON': [SAN, claims('{')],
    'claims that are a list': [SAN, claims('[]')],
    'labels without an app': [SAN, claims('{"labels":{"workload":"w"}}')],
    'a label that is a number': [SAN, claims('{"labels":{"app":"a","workload":"w","x":1}}')],
    'services that are one name': [SAN, claims('{"services":"reviews"}')],
    'an alternative name of a universal type': [
      extension(OID.subjectAlternativeName, true, sequence(primitive(TAG.oid, Buffer.from([42, 3])))),
    ],
    'a path length of no authority': [SAN, basicConstraints({ isAuthority: false, pathLength: 1 })],
  };
  for (const [what, extensions] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.throws(() => read(...extensions), DerError));
  }

  it('throws nothing but DerError on mutated bytes', () => {
    const der = authority.certificate().certificate.raw;
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(der);
        changed[at] = value;
        try {
          parseCertificate(changed);
        } catch (error) {
          assert.ok(error instanceof DerError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
