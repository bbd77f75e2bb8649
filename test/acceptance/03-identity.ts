import assert from 'node:assert/strict';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { isLateenError } from '@lateen/core';
import { Bookinfo } from './kit/bookinfo.ts';
import { type Check, point } from './kit/check.ts';
import { applyText, lateenOf } from './kit/cli.ts';
import { type Forged, insideForger, strangeForger } from './kit/forge.ts';
import { joinMesh, listeningLogger } from './kit/mesh-member.ts';
import { openTrap } from './kit/trap.ts';
import { until } from './kit/until.ts';

const REVIEWS = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';
const DETAILS = 'spiffe://cluster.local/ns/default/sa/bookinfo-details';

/** The credentials that must not get through, on either side; undefined is none at all. */
function attacks(bookinfo: Bookinfo): ReadonlyMap<string, Forged | undefined> {
  const inside = insideForger(bookinfo.deployment.lateendState);
  return new Map<string, Forged | undefined>([
    ['of another authority', strangeForger().make({ uris: [REVIEWS] })],
    ['expired', inside.make({ uris: [REVIEWS], notAfter: Date.now() - 60_000 })],
    ['none', undefined],
    ['with two URI names', inside.make({ uris: [REVIEWS, DETAILS] })],
    ['with no URI name', inside.make({ uris: [] })],
    ['of a foreign trust domain', inside.make({ uris: ['spiffe://elsewhere.example/ns/default/sa/bookinfo-reviews'] })],
  ]);
}

const plaintext: Check<Bookinfo> = {
  name: 'plaintext-to-a-mesh-port',
  async run(bookinfo, report) {
    const { address, port } = await instanceOf(bookinfo, 'reviews-v1');
    assert.equal(await answerOf(connectPlain({ host: address, port })), '');
    report.say('closed without a byte');
  },
};

const callersRefused: Check<Bookinfo> = {
  name: 'callers-that-a-server-refuses',
  async run(bookinfo, report) {
    const target = await instanceOf(bookinfo, 'reviews-v1');
    const good = insideForger(bookinfo.deployment.lateendState).make({ uris: [DETAILS] });
    assert.match(
      await askAs(target, good),
      /^HTTP\/1\.1 200/,
      'a good certificate gets through, so the others fail for what they are',
    );
    for (const [what, credential] of attacks(bookinfo)) {
      assert.equal(await askAs(target, credential), '', `a certificate ${what}`);
    }
    report.say([...attacks(bookinfo).keys()].join(', '));
  },
};

const serversRefused: Check<Bookinfo> = {
  name: 'servers-that-a-client-refuses',
  async run(bookinfo, report) {
    const inside = insideForger(bookinfo.deployment.lateendState);
    const trap = await openTrap();
    await applyText(bookinfo, trapService(trap.port));
    const mesh = await joinMesh(bookinfo, { service: 'prober', serviceAccount: 'prober', services: [] });
    try {
      trap.show(inside.make({ uris: [REVIEWS] }));
      const answer = await mesh.fetch('http://trap.example.com/');
      assert.equal(await answer.text(), 'caught', 'the right certificate gets the request');
      const credentials = new Map(attacks(bookinfo));
      credentials.delete('none'); // a TLS server without a certificate can't shake hands; a plaintext one stands for it
      credentials.set('of another service', inside.make({ uris: [DETAILS] }));
      for (const [what, credential] of credentials) {
        trap.show(credential as Forged);
        const failure = await mesh.fetch('http://trap.example.com/').catch((error: Error) => error.cause);
        assert.ok(isLateenError(failure), `${what}: ${String(failure)}`);
        assert.equal(failure.code, 'LATEEN_PEER_REFUSED', `${what}: ${failure.message}`);
        assert.ok(trap.connections > 0, `${what}: a connection was made`);
        assert.equal(trap.bytes, 0, `${what}: no byte of the request was sent`);
      }
      trap.showNothing();
      const failure = await mesh.fetch('http://trap.example.com/').catch((error: Error) => error.cause);
      assert.ok(isLateenError(failure));
      assert.ok(!trap.plaintext.includes('trap.example.com'), 'no byte of the request to a plaintext server');
      report.say([...credentials.keys(), 'plaintext'].join(', '));
    } finally {
      await mesh.close();
      trap.close();
      await lateenOf(bookinfo, ['delete', 'serviceentry', 'trap']);
      await lateenOf(bookinfo, ['delete', 'destinationrule', 'trap']);
    }
  },
};

const registration: Check<Bookinfo> = {
  name: 'a-service-the-token-does-not-grant',
  async run(bookinfo, report) {
    const logger = listeningLogger();
    const before = (await bookinfo.admin.status()).instances.length;
    const mesh = await joinMesh(
      bookinfo,
      { service: 'reviews', serviceAccount: 'bookinfo-details', services: ['details'] },
      { logger },
    );
    const server = mesh.createServer({ servicePort: 9080 }, (_request, response) => response.end('hijacked'));
    try {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const line = await until('the refusal', 5_000, async () => logger.lines.find((one) => one.includes('cannot register')));
      assert.equal((await bookinfo.admin.status()).instances.length, before);
      report.say(line);
    } finally {
      await mesh.close();
      server.close();
    }
  },
};

export const identity = point<Bookinfo>({
  id: '4.3',
  open: () => Bookinfo.start('identity', 3_000),
  close: (bookinfo) => bookinfo.stop(),
  checks: [plaintext, callersRefused, serversRefused, registration],
});

interface Address {
  readonly address: string;
  readonly port: number;
}

async function instanceOf(bookinfo: Bookinfo, workload: string): Promise<Address> {
  const found = (await bookinfo.admin.status()).instances.find((instance) => instance.workload === workload);
  if (!found) throw new Error(`${workload} is not registered`);
  return found;
}

/** Speaks TLS 1.3 like a mesh peer, with whatever credential is given; resolves with what comes back. */
function askAs({ address, port }: Address, credential: Forged | undefined): Promise<string> {
  return answerOf(
    connectTls({
      host: address,
      port,
      ...credential,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
    }),
  );
}

/** Sends a request at once and collects every byte until the other end closes. */
function answerOf(socket: Socket | TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    socket.setEncoding('utf8').setTimeout(5_000, () => socket.destroy());
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => {}); // a reset is a fine refusal; `close` follows
    socket.on('close', () => resolve(answer));
    socket.write('GET /reviews/0 HTTP/1.1\r\nhost: reviews:9080\r\nconnection: close\r\n\r\n');
  });
}

const trapService = (port: number): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: trap }
spec:
  hosts: [trap.example.com]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1, ports: { http: ${port} } }]
  subjectAltNames: ["${REVIEWS}"]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: trap }
spec:
  host: trap.example.com
  trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }
`;
