import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { LateenError } from '@lateen/core';
import { createMesh } from 'lateen';
import type { Check } from '../kit/check.ts';
import { joinMesh, meshOptions, tokenFile } from '../kit/mesh-member.ts';
import { failureOf, type Fixture, oneSentence, PROBER } from './fixture.ts';

export const hugeHeader: Check<Fixture> = {
  name: 'one-megabyte-header',
  async run({ bookinfo }, report) {
    const mesh = await joinMesh(bookinfo, PROBER);
    try {
      const failure = await failureOf(() =>
        mesh.fetch('http://reviews:9080/reviews/0', { headers: { 'x-huge': 'x'.repeat(1_048_576) } }),
      );
      assert.equal(failure.status, 431);
      report.say(failure.message);
      const answer = await fetch(bookinfo.pageUrl, { headers: { 'x-huge': 'x'.repeat(1_048_576) } }).then(
        ({ status }) => status,
        () => 'reset',
      );
      assert.ok(answer === 431 || answer === 'reset', String(answer));
      assert.equal((await mesh.fetch('http://reviews:9080/reviews/0')).status, 200);
    } finally {
      await mesh.close();
    }
  },
};

export const streamBody: Check<Fixture> = {
  name: 'stream-body-that-can-not-be-replayed',
  async run(_fixture, report) {
    let requests = 0;
    const flaky = createServer((request, response) => {
      requests++;
      let received = 0;
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > 200_000) request.socket.destroy();
      });
      request.on('end', () => response.end());
      request.on('error', () => {});
    });
    await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
    const mesh = await createMesh({
      service: 'prober',
      admin: false,
      logger: 'silent',
      config: flakyService((flaky.address() as AddressInfo).port) as never,
    });
    try {
      const body = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(16_384)));
      const failure = await failureOf(() =>
        mesh.fetch('http://flaky.example.com/', {
          method: 'PUT',
          body: Readable.toWeb(body) as never,
          duplex: 'half',
        } as RequestInit),
      );
      assert.equal(requests, 1, 'it was not sent again');
      assert.match(failure.message, /body|replay/i);
      oneSentence(failure.message, /flaky/, report);
    } finally {
      await mesh.close();
      flaky.close();
      flaky.closeAllConnections();
    }
  },
};

export const unknownHost: Check<Fixture> = {
  name: 'unknown-host',
  async run({ bookinfo }, report) {
    const file = await tokenFile(bookinfo, PROBER);
    const open = await createMesh({ ...meshOptions(bookinfo, 'prober', 'prober'), identity: { tokenFile: file } });
    await open.ready;
    const passed = await failureOf(() => open.fetch('http://nobody.invalid/'));
    assert.match(passed.message, /nobody\.invalid/);
    report.say(passed.message);
    await open.close();
    const strict = await joinMesh(bookinfo, PROBER, { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    const refused = await strict.fetch('http://nobody.invalid/').then(
      (response) => response.status,
      (error: { cause?: LateenError }) => error.cause?.status,
    );
    assert.equal(refused, 502);
    await strict.close();
  },
};

function flakyService(port: number): object[] {
  const metadata = { name: 'flaky' };
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata,
      spec: {
        hosts: ['flaky.example.com'],
        location: 'MESH_EXTERNAL',
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        endpoints: [{ address: '127.0.0.1', ports: { http: port } }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: ['flaky.example.com'],
        http: [{ route: [{ destination: { host: 'flaky.example.com' } }], retries: { attempts: 2, retryOn: 'reset,5xx' } }],
      },
    },
  ];
}
