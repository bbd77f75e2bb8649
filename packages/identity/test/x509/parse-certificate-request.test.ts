import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { constructed, type DerNode, decodeDer, encodeDer, primitive, TAG } from '../../src/der/asn1.ts';
import { bitString, octetString, oid, sequence, set, smallInteger, utf8String } from '../../src/der/der-builders.ts';
import { DerError } from '../../src/der/der-error.ts';
import { CERTIFICATE_LIMITS } from '../../src/der/strict-der.ts';
import { alternativeNames } from '../../src/x509/alternative-names.ts';
import { buildCertificateRequest, createKeyAndRequest, generateP256, type KeyPair } from '../../src/x509/certificate-request.ts';
import { type Extension, extension, extensionsToDer } from '../../src/x509/extension.ts';
import { publicKeyDer } from '../../src/x509/key-identifiers.ts';
import { basicConstraints, extendedKeyUsage, keyUsage } from '../../src/x509/key-usage.ts';
import { uriNameConstraint } from '../../src/x509/name-constraints.ts';
import { OID } from '../../src/x509/oids.ts';
import { parseCertificateRequest } from '../../src/x509/parse-certificate-request.ts';
import { hasOpenssl } from '../openssl.ts';

const ID = 'spiffe://cluster.local/ns/default/sa/reviews';
const SAN = alternativeNames({ uris: [ID] }, true);

/** A request with any part replaced, honestly signed by its key unless told otherwise. */
function request(
  parts: {
    readonly keys?: KeyPair;
    readonly signer?: KeyObject;
    readonly spki?: DerNode;
    readonly version?: DerNode;
    readonly subject?: DerNode;
    readonly attributes?: readonly DerNode[];
    readonly algorithm?: DerNode;
    readonly digest?: string;
  } = {},
): Buffer {
  const keys = parts.keys ?? generateP256();
  const info = sequence(
    parts.version ?? smallInteger(0),
    parts.subject ?? sequence(),
    parts.spki ?? decodeDer(publicKeyDer(keys.publicKey), CERTIFICATE_LIMITS),
    constructed(TAG.contextConstructed, parts.attributes ?? [extensionRequest([SAN])]),
  );
  const digest = parts.digest === undefined ? 'sha256' : parts.digest === '' ? null : parts.digest;
  const signature = sign(digest, encodeDer(info), parts.signer ?? keys.privateKey);
  return encodeDer(sequence(info, parts.algorithm ?? sequence(oid(OID.ecdsaWithSha256)), bitString(signature)));
}

function extensionRequest(extensions: readonly Extension[]): DerNode {
  return sequence(oid(OID.extensionRequest), set(extensionsToDer(extensions)));
}

function withExtensions(...extensions: readonly Extension[]): Buffer {
  return buildCertificateRequest(generateP256(), extensions);
}

function withNames(...names: readonly DerNode[]): Buffer {
  return withExtensions(extension(OID.subjectAlternativeName, true, sequence(...names)));
}

/** forge would strip the zero while encoding, so it is put in afterwards. */
function withLeadingNul(): Buffer {
  const names = alternativeNames({ dnsNames: ['!a'] }, true);
  const value = Buffer.from(names.value);
  value[value.indexOf('!')] = 0;
  return withExtensions({ ...names, value });
}

function ecKey(namedCurve: string): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

const uri = (text: string | Buffer): DerNode => primitive(TAG.context | 6, Buffer.from(text as string, 'utf8'));

describe('parseCertificateRequest', () => {
  it('takes a good one', () => {
    assert.deepEqual(parseCertificateRequest(request()).names.uris, [ID]);
  });

  it('takes the usages that a workload gets anyway', () => {
    const usages = [keyUsage(['digitalSignature']), extendedKeyUsage([OID.serverAuth, OID.clientAuth])];
    const csr = withExtensions(SAN, basicConstraints({ isAuthority: false, pathLength: undefined }), ...usages);
    assert.deepEqual(parseCertificateRequest(csr).names.uris, [ID]);
  });

  it('lets a subject be', () => {
    const subject = sequence(set(sequence(oid(OID.commonName), utf8String('x'.repeat(1000)))));
    assert.deepEqual(parseCertificateRequest(request({ subject })).names.uris, [ID]);
  });

  it('tells all names, for the authority to judge', () => {
    const address = Buffer.from([127, 0, 0, 1]);
    const csr = withExtensions(alternativeNames({ uris: [ID, `${ID}2`], dnsNames: ['reviews'], ipAddresses: [address] }, true));
    assert.deepEqual(parseCertificateRequest(csr).names, {
      uris: [ID, `${ID}2`],
      dnsNames: ['reviews'],
      ipAddresses: [address],
      others: 0,
    });
  });

  it('takes what openssl makes', function () {
    if (!hasOpenssl()) this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'lateen-csr-'));
    try {
      const key = join(folder, 'key.pem');
      const csr = join(folder, 'csr.der');
      writeFileSync(key, createKeyAndRequest().privateKeyPem);
      execFileSync('openssl', [
        'req',
        '-new',
        '-key',
        key,
        '-outform',
        'DER',
        '-out',
        csr,
        '-subj',
        '/CN=x',
        '-addext',
        `subjectAltName=URI:${ID}`,
      ]);
      assert.deepEqual(parseCertificateRequest(readFileSync(csr)).names.uris, [ID]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const ed25519 = generateKeyPairSync('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const point = publicKeyDer(generateP256().publicKey).subarray(27);
  const spkiOf = (bytes: Buffer): DerNode =>
    sequence(sequence(oid(OID.ecPublicKey), oid('1.2.840.10045.3.1.7')), bitString(bytes));
  const compressed = Buffer.concat([Buffer.from([2 + ((point[63] as number) & 1)]), point.subarray(0, 32)]);
  const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
  const sha1 = sequence(oid('1.2.840.10045.4.1'));
  const withNull = sequence(oid(OID.ecdsaWithSha256), primitive(TAG.null, Buffer.alloc(0)));
  const otherName = constructed(TAG.contextConstructed, [oid('1.2.3.4'), constructed(TAG.contextConstructed, [utf8String(ID)])]);

  const refused: Record<string, () => Uint8Array> = {
    nothing: () => Buffer.alloc(0),
    'random bytes': () => Buffer.from('3045022100deadbeef', 'hex'),
    'trailing bytes': () => Buffer.concat([request(), Buffer.from([0])]),
    '64 KB': () => Buffer.alloc(65_536, 0x30),
    'text instead of DER': () => Buffer.from('-----BEGIN CERTIFICATE REQUEST-----'),
    'a signature by another key': () => request({ signer: generateP256().privateKey }),
    'an indefinite length': () => Buffer.concat([Buffer.from([0x30, 0x80]), request().subarray(4), Buffer.from([0, 0])]),
    'version 1': () => request({ version: smallInteger(1) }),
    'an RSA key of 1024 bits': () => request({ keys: rsa }),
    'P-384': () => request({ keys: ecKey('secp384r1') }),
    secp256k1: () => request({ keys: ecKey('secp256k1') }),
    Ed25519: () => request({ keys: ed25519, digest: '' }),
    'a point off the curve': () => request({ spki: spkiOf(offCurve) }),
    'the point at infinity': () => request({ spki: spkiOf(Buffer.from([0])) }),
    'a compressed point': () => request({ spki: spkiOf(compressed) }),
    'explicit curve parameters': () =>
      request({
        spki: sequence(
          sequence(oid(OID.ecPublicKey), sequence(smallInteger(1))),
          bitString(Buffer.concat([Buffer.from([4]), point])),
        ),
      }),
    'SHA-1': () => request({ algorithm: sha1, digest: 'sha1' }),
    'NULL parameters': () => request({ algorithm: withNull }),
    'CA:TRUE': () => withExtensions(SAN, basicConstraints({ isAuthority: true, pathLength: undefined })),
    keyCertSign: () => withExtensions(SAN, keyUsage(['digitalSignature', 'keyCertSign'])),
    cRLSign: () => withExtensions(SAN, keyUsage(['cRLSign'])),
    'any extended key usage': () => withExtensions(SAN, extendedKeyUsage(['2.5.29.37.0'])),
    'name constraints': () => withExtensions(SAN, uriNameConstraint('cluster.local')),
    'our own claims': () => withExtensions(SAN, extension(OID.workloadClaims, false, utf8String('{}'))),
    'the same extension twice': () => withExtensions(SAN, SAN),
    'two extension requests': () => request({ attributes: [extensionRequest([SAN]), extensionRequest([SAN])] }),
    'an extension request with two values': () =>
      request({ attributes: [sequence(oid(OID.extensionRequest), set(extensionsToDer([SAN]), extensionsToDer([SAN])))] }),
    'a challenge password': () =>
      request({ attributes: [sequence(oid('1.2.840.113549.1.9.7'), set(utf8String('secret'))), extensionRequest([SAN])] }),
    'a lone challenge password': () =>
      request({ attributes: [sequence(oid('1.2.840.113549.1.9.7'), set(utf8String('secret')))] }),
    'a NUL in a name': () => withNames(uri(`${ID}\0.evil`)),
    'a newline in a name': () => withNames(uri(`${ID}\nURI:x`)),
    'UTF-8 in a name': () => withNames(uri(`${ID}ä`)),
    'a leading NUL in a DNS name, which forge strips': () => withLeadingNul(),
    'a UNIVERSAL 6 for a URI': () => withNames(oid('1.2.3')),
    'a constructed URI': () => withNames(constructed(TAG.contextConstructed | 6, [octetString(Buffer.from(ID))])),
    'an other name': () => withNames(uri(ID), otherName),
    'an email name': () => withNames(uri(ID), primitive(TAG.context | 1, Buffer.from('a@b'))),
    'nine names': () => withNames(...Array.from({ length: 9 }, (_, index) => uri(`${ID}${index}`))),
    'no names at all': () => withNames(),
    'an address of five bytes': () => withNames(uri(ID), primitive(TAG.context | 7, Buffer.alloc(5))),
  };
  for (const [what, make] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.throws(() => parseCertificateRequest(make()), DerError));
  }

  it('refuses every truncation', () => {
    const csr = request();
    for (let length = 0; length < csr.length; length++) {
      assert.throws(() => parseCertificateRequest(csr.subarray(0, length)), DerError);
    }
  });

  it('refuses every flipped bit', () => {
    const csr = request();
    for (let bit = 0; bit < csr.length * 8; bit++) {
      const changed = Buffer.from(csr);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.throws(() => parseCertificateRequest(changed), DerError, `bit ${bit}`);
    }
  });

  it('accepts no mutation, and throws nothing but DerError', () => {
    const csr = request();
    const mutation = fc.record({
      at: fc.nat(csr.length - 1),
      remove: fc.nat(6),
      insert: fc.uint8Array({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let changed: Buffer = csr;
        for (const { at, remove, insert } of mutations) {
          changed = Buffer.concat([changed.subarray(0, at), insert, changed.subarray(at + remove)]);
        }
        if (changed.equals(csr)) return;
        assert.throws(() => parseCertificateRequest(changed), DerError);
      }),
      { numRuns: 2000 },
    );
  });
});
