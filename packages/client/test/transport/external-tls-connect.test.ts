import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { service } from '../support/fake-registry.ts';
import { failure } from '../support/failure.ts';
import { closeAll, closeLater, get, reviews, versioned } from '../support/setup.ts';

describe('externalTlsConnect', () => {
  let folder: string;
  let port: number;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=books.test', '-addext', 'subjectAltName=DNS:books.test'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.end('books'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    server.unref();
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(closeAll);

  async function books(tls: string): Promise<ReturnType<typeof reviews>> {
    const yaml = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { tls: { mode: SIMPLE, sni: books.test, ${tls} } }
`;
    const setup = await reviews(0, { yaml });
    setup.registry.services.set([service('reviews', { identities: [] })]);
    setup.registry.setEndpoints('reviews', [versioned(port, 'v1')]);
    closeLater({ close: async () => {} });
    return setup;
  }

  it('verifies a server against the given authorities and names', async () => {
    const setup = await books(`caCertificates: ${join(folder, 'cert.pem')}, subjectAltNames: [books.test]`);
    assert.equal((await get(setup)).body, 'books');
  });

  it('refuses an authority that nobody gave', async () => {
    const error = await failure(get(await books('subjectAltNames: [books.test]')));
    assert.equal(error.code, 'LATEEN_CONNECT_FAILED');
    assert.match(error.message, /self-signed|self signed/);
  });

  it('refuses another name', async () => {
    const error = await failure(get(await books(`caCertificates: ${join(folder, 'cert.pem')}, subjectAltNames: [other.test]`)));
    assert.equal(error.code, 'LATEEN_CONNECT_FAILED');
  });

  it('names the file that cannot be read', async () => {
    const error = await failure(get(await books('caCertificates: /nowhere.pem')));
    assert.equal(error.code, 'LATEEN_CONFIG_INVALID');
    assert.match(error.message, /\/nowhere\.pem/);
  });
});
