import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { encodePem } from '../../src/der/pem.ts';
import { createKeyAndRequest } from '../../src/x509/certificate-request.ts';
import { publicKeyDer, publicKeySha256 } from '../../src/x509/key-identifiers.ts';
import { parseCertificateRequest } from '../../src/x509/parse-certificate-request.ts';
import { createPublicKey } from 'node:crypto';
import { hasOpenssl } from '../openssl.ts';

const ID = 'spiffe://cluster.local/ns/default/sa/reviews';

describe('createKeyAndRequest', () => {
  it('makes a request that our parser takes, with its key and the ID', () => {
    const { csrDer, privateKey } = createKeyAndRequest(ID);
    const parsed = parseCertificateRequest(csrDer);
    assert.deepEqual(parsed.names.uris, [ID]);
    assert.equal(parsed.publicKeySha256, publicKeySha256(publicKeyDer(createPublicKey(privateKey))));
  });

  it('can ask for no name', () => {
    assert.deepEqual(parseCertificateRequest(createKeyAndRequest().csrDer).names.uris, []);
  });

  it('makes a new key each time', () => {
    const keys = [createKeyAndRequest(ID), createKeyAndRequest(ID)].map(
      ({ csrDer }) => parseCertificateRequest(csrDer).publicKeySha256,
    );
    assert.notEqual(keys[0], keys[1]);
  });

  it('makes what another library verifies', async () => {
    const request = new Pkcs10CertificateRequest(createKeyAndRequest(ID).csrDer);
    assert.equal(await request.verify(), true);
    assert.equal(request.subject, '');
  });

  it('makes what openssl verifies', function () {
    if (!hasOpenssl()) this.skip();
    const text = execFileSync('openssl', ['req', '-verify', '-noout', '-text'], {
      input: encodePem(createKeyAndRequest(ID).csrDer, 'CERTIFICATE REQUEST'),
      stdio: ['pipe', 'pipe', 'ignore'],
    }).toString();
    assert.match(text, new RegExp(`URI:${ID}`));
    assert.match(text, /prime256v1/);
  });
});
