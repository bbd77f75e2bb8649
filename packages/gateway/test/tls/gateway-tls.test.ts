import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { silentLogger } from '@lateen/core';
import { type TestCertificate, testAuthority } from '@lateen/identity/testing';
import { createGateway } from '../../src/create-gateway.ts';
import type { Gateway } from '../../src/gateway.ts';
import { freePorts } from '../support.ts';

const authority = testAuthority(Date.now());
const strangers = testAuthority(Date.now());
const shop = authority.certificate({ serviceAccount: 'shop' });
const other = authority.certificate({ serviceAccount: 'other' });

const base64 = (value: string): string => Buffer.from(value).toString('base64');

function secret(name: string, certificate: TestCertificate, namespace = 'istio-system'): object {
  const data = { 'tls.crt': base64(certificate.certificatePem), 'tls.key': base64(certificate.privateKeyPem) };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'kubernetes.io/tls', data };
}

const clientCa: object = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'shop-cert-cacert', namespace: 'istio-system' },
  stringData: { 'ca.crt': authority.root.toString() },
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Caller {
  readonly host?: string;
  readonly sni?: string;
  readonly certificate?: TestCertificate;
}

function ask(port: number, { host = 'shop.test', sni = host, certificate }: Caller = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        agent: false,
        servername: sni,
        rejectUnauthorized: false,
        headers: { host },
        ...(certificate && { cert: certificate.certificatePem, key: certificate.privateKeyPem }),
      },
      (response) => {
        text(response).then((body) => resolve({ status: response.statusCode as number, body }), reject);
      },
    );
    call.on('error', reject).end();
  });
}

/** Name in the certificate that the gateway shows. */
async function shownTo(port: number, servername: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subjectaltname = '' } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}

describe('a Gateway that ends TLS', () => {
  let backend: Server;
  let gateway: Gateway | undefined;

  before(async () => {
    backend = createServer(({ headers }, response) => response.end(JSON.stringify(headers)));
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
  });
  after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
  });

  function mesh(servers: readonly object[]): object[] {
    const { port } = backend.address() as AddressInfo;
    const destination = { host: 'web.test', port: { number: 80 } };
    return [
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 'web', namespace: 'default' },
        spec: {
          hosts: ['web.test'],
          resolution: 'STATIC',
          ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
          endpoints: [{ address: '127.0.0.1', ports: { http: port } }],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'web', namespace: 'default' },
        spec: { hosts: ['shop.test', 'other.test'], gateways: ['default/edge'], http: [{ route: [{ destination }] }] },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        metadata: { name: 'edge', namespace: 'default' },
        spec: { selector: { istio: 'ingressgateway' }, servers },
      },
    ];
  }

  function httpsServer(port: number, hosts: readonly string[], tls: object): object {
    return {
      port: { number: port, name: `https-${hosts[0]?.split('.')[0]}`.replace('*', 'all'), protocol: 'HTTPS' },
      hosts,
      tls,
    };
  }

  async function start(resources: readonly object[]): Promise<Gateway> {
    gateway = await createGateway(
      { config: resources, namespace: 'istio-system', admin: false, defaults: 'istio', logger: silentLogger },
      {},
    );
    return gateway;
  }

  it('shows the certificate of the name that is asked for, and routes by that server alone', async () => {
    const [port] = await freePorts(1);
    const servers = [
      httpsServer(port, ['shop.test'], { mode: 'SIMPLE', credentialName: 'shop-cert' }),
      httpsServer(port, ['other.test'], { mode: 'SIMPLE', credentialName: 'other-cert' }),
    ];
    await start([...mesh(servers), secret('shop-cert', shop), secret('other-cert', other)]);
    assert.match(await shownTo(port, 'shop.test'), /sa\/shop/);
    assert.match(await shownTo(port, 'OTHER.test'), /sa\/other/);
    const { status, body } = await ask(port);
    assert.equal(status, 200);
    assert.equal(JSON.parse(body)['x-forwarded-proto'], 'https');
    assert.equal(JSON.parse(body)['x-forwarded-client-cert'], undefined);
    assert.equal((await ask(port, { host: 'other.test' })).status, 200);
    assert.equal((await ask(port, { host: 'other.test', sni: 'shop.test' })).status, 404);
    await assert.rejects(ask(port, { host: 'shop.test', sni: 'third.test' }));
  });

  it('serves callers that name nobody where a server is for every host, and no plaintext', async () => {
    const [port] = await freePorts(1);
    const servers = [httpsServer(port, ['*'], { mode: 'SIMPLE', credentialName: 'shop-cert' })];
    await start([...mesh(servers), secret('shop-cert', shop)]);
    assert.equal((await ask(port, { sni: '' })).status, 200);
    assert.equal((await ask(port, { sni: 'whatever.test' })).status, 200);
    const plain = connectPlain(port, '127.0.0.1');
    plain.on('error', () => {});
    plain.write('GET / HTTP/1.1\r\nhost: shop.test\r\n\r\n');
    let answer = '';
    plain.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    await once(plain, 'close');
    assert.doesNotMatch(answer, /HTTP/);
  });

  it('lets in by certificate where it is asked for, and tells the application whose it is', async () => {
    const [port] = await freePorts(1);
    const servers = [httpsServer(port, ['shop.test'], { mode: 'MUTUAL', credentialName: 'shop-cert' })];
    await start([...mesh(servers), secret('shop-cert', shop), clientCa]);
    const caller = authority.certificate({ serviceAccount: 'sleep' });
    const { body } = await ask(port, { certificate: caller });
    const told = JSON.parse(body)['x-forwarded-client-cert'] as string;
    const hash = caller.certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    assert.ok(told.startsWith(`Hash=${hash};Cert="-----BEGIN%20CERTIFICATE-----%0A`), told);
    assert.ok(told.endsWith(';Subject="";URI=spiffe://cluster.local/ns/default/sa/sleep'), told);
    await assert.rejects(ask(port));
    await assert.rejects(ask(port, { certificate: strangers.certificate() }));
    await assert.rejects(ask(port, { certificate: authority.certificate({ notAfter: Date.now() - 1_000 }) }));
  });

  it('takes callers without a certificate where it is optional, and none with a bad one', async () => {
    const [port] = await freePorts(1);
    const servers = [httpsServer(port, ['shop.test'], { mode: 'OPTIONAL_MUTUAL', credentialName: 'shop-cert' })];
    await start([...mesh(servers), secret('shop-cert', shop), clientCa]);
    assert.equal(JSON.parse((await ask(port)).body)['x-forwarded-client-cert'], undefined);
    assert.equal((await ask(port, { certificate: authority.certificate() })).status, 200);
    await assert.rejects(ask(port, { certificate: strangers.certificate() }));
  });

  it('holds callers to the names and hashes that are listed', async () => {
    const [port, second] = await freePorts(2);
    const sleep = authority.certificate({ serviceAccount: 'sleep' });
    const common = { mode: 'MUTUAL', credentialName: 'shop-cert' };
    const servers = [
      httpsServer(port, ['shop.test'], { ...common, subjectAltNames: ['spiffe://cluster.local/ns/default/sa/sleep'] }),
      httpsServer(second, ['other.test'], { ...common, verifyCertificateHash: [sleep.certificate.fingerprint256] }),
    ];
    await start([...mesh(servers), secret('shop-cert', shop), clientCa]);
    const else1 = authority.certificate({ serviceAccount: 'curl' });
    assert.equal((await ask(port, { certificate: sleep })).status, 200);
    assert.equal((await ask(second, { host: 'other.test', certificate: sleep })).status, 200);
    await assert.rejects(ask(port, { certificate: else1 }));
    await assert.rejects(ask(second, { host: 'other.test', certificate: else1 }));
  });

  it('reads certificates from files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lateen-gateway-'));
    try {
      const [port] = await freePorts(1);
      const [serverCertificate, privateKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      writeFileSync(serverCertificate, shop.certificatePem);
      writeFileSync(privateKey, shop.privateKeyPem, { mode: 0o600 });
      await start(mesh([httpsServer(port, ['*.test'], { mode: 'SIMPLE', serverCertificate, privateKey })]));
      assert.match(await shownTo(port, 'shop.test'), /sa\/shop/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('leaves out a server whose Secret is missing and serves the others', async () => {
    const [port, second] = await freePorts(2);
    const servers = [
      httpsServer(port, ['shop.test'], { mode: 'SIMPLE', credentialName: 'nobody-made-it' }),
      httpsServer(second, ['other.test'], { mode: 'SIMPLE', credentialName: 'other-cert' }),
    ];
    const running = await start([...mesh(servers), secret('other-cert', other), secret('nobody-made-it', shop, 'default')]);
    assert.deepEqual(
      running.ports.map((open) => open.port),
      [second],
    );
    assert.equal((await ask(second, { host: 'other.test' })).status, 200);
  });

  it('speaks no version that a server does not, though another on the port does', async () => {
    const [port] = await freePorts(1);
    const servers = [
      httpsServer(port, ['shop.test'], { mode: 'SIMPLE', credentialName: 'shop-cert', minProtocolVersion: 'TLSV1_3' }),
      httpsServer(port, ['other.test'], { mode: 'SIMPLE', credentialName: 'other-cert' }),
    ];
    await start([...mesh(servers), secret('shop-cert', shop), secret('other-cert', other)]);
    const old = (servername: string): Promise<string | null> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
        socket.on('error', reject);
        socket.on('close', () => reject(new Error('closed')));
        socket.on('secureConnect', () => socket.write(`GET / HTTP/1.1\r\nhost: ${servername}\r\n\r\n`));
        socket.on('data', () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
      });
    assert.equal(await old('other.test'), 'TLSv1.2');
    await assert.rejects(old('shop.test'));
  });
});
