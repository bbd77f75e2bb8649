import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connectControl } from '@lateen/control';
import { type Clock, channelSink, isLateenError, type LateenError, systemClock, systemRandom } from '@lateen/core';
import { createMesh } from 'lateen';
import { Bookinfo, freshFolder } from './kit/bookinfo.ts';
import { type Check, point, type Report } from './kit/check.ts';
import { lateen, lateenOf, runNode } from './kit/cli.ts';
import { type Load, startLoad } from './kit/load.ts';
import { fileWith, joinMesh, listeningLogger, meshOptions, tokenFile } from './kit/mesh-member.ts';
import { until } from './kit/until.ts';

interface Fixture {
  readonly bookinfo: Bookinfo;
  /** Pages are asked for all the while: what goes wrong beside them must not touch them. */
  readonly load: Load;
}

const PROBER = { service: 'prober', serviceAccount: 'prober', services: ['prober'] };

const badResources: Check<Fixture> = {
  name: 'unknown-field-and-bad-yaml',
  async run({ bookinfo }, report) {
    const { revision } = await bookinfo.admin.status();
    const unknown = await lateenOf(bookinfo, ['apply', '-f', '-'], SERVICE_WITH.replace('FIELD', 'hostz: [reviews]'));
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr + unknown.stdout, /stdin:\d+.*hostz/s);
    const broken = await lateenOf(bookinfo, ['apply', '-f', '-'], 'kind: VirtualService\n  spec: [');
    assert.equal(broken.code, 1);
    assert.match(broken.stderr + broken.stdout, /stdin:\d+/);
    assert.equal((await bookinfo.admin.status()).revision, revision, 'nothing changed');
    report.say(firstLine(unknown.stderr || unknown.stdout));
  },
};

const unreachableLateend: Check<Fixture> = {
  name: 'unreachable-lateend',
  async run({ bookinfo }, report) {
    const adminFile = join(bookinfo.stateDir, 'elsewhere.json');
    const real = JSON.parse(readFileSync(join(bookinfo.deployment.lateendState, 'admin.json'), 'utf8')) as object;
    writeFileSync(adminFile, JSON.stringify({ ...real, url: 'https://127.0.0.1:9' }), { mode: 0o600 });
    const told = await lateen(['status'], { LATEEN_ADMIN_FILE: adminFile });
    assert.equal(told.code, 1);
    oneSentence(told.stderr, /127\.0\.0\.1:9/, report);

    const logger = listeningLogger();
    const mesh = await createMesh({
      ...meshOptions(bookinfo, 'prober', 'prober'),
      control: 'https://127.0.0.1:9',
      identity: { tokenFile: await tokenFile(bookinfo, PROBER) },
      logger,
    });
    const failure = await failureOf(() => mesh.fetch('http://reviews:9080/reviews/0'));
    assert.equal(failure.status, 503);
    await until('a word about lateend', 3_000, async () => logger.lines.some((line) => line.includes('127.0.0.1:9')));
    await mesh.close();
  },
};

const wrongToken: Check<Fixture> = {
  name: 'wrong-join-token',
  async run({ bookinfo }, report) {
    const good = readFileSync(await tokenFile(bookinfo, PROBER), 'utf8');
    const [prefix, secret, pin] = good.split('.') as [string, string, string];
    const other = Buffer.alloc(Buffer.from(secret, 'base64url').length, 7).toString('base64url');
    for (const [what, text] of [
      ['a wrong secret', `${prefix}.${other}.${pin}`],
      ['another authority’s pin', `${prefix}.${secret}.${'0'.repeat(64)}`],
      ['no join string', 'password'],
    ] as const) {
      const logger = listeningLogger();
      const mesh = await createMesh({
        ...meshOptions(bookinfo, 'prober', 'prober'),
        identity: { tokenFile: fileWith(bookinfo, text) },
        logger,
      });
      const line = await until(`a word about ${what}`, 5_000, async () =>
        logger.lines.find((one) => /token|join|authority|pin/i.test(one)),
      );
      oneSentence(line, /./, report);
      assert.equal((await failureOf(() => mesh.fetch('http://reviews:9080/reviews/0'))).status, 503);
      await mesh.close();
    }
  },
};

const busyPorts: Check<Fixture> = {
  name: 'ports-in-use',
  async run({ bookinfo }, report) {
    const { ports } = bookinfo.deployment;
    const started = await runNode(['examples/bookinfo/bin/start.js', '--port-offset', '8000', '--state', freshFolder('busy')]);
    assert.equal(started.code, 1);
    oneSentence(started.stderr, new RegExp(`port ${ports.page} \\(gateway\\) is in use.*--port-offset`), report);
    const failure = await createMesh({ service: 'prober', config: [], admin: ports.firstAdmin, logger: 'silent' }).catch(
      (error: Error) => error,
    );
    assert.ok(isLateenError(failure) && failure.code === 'LATEEN_PORT_IN_USE');
    oneSentence(failure.message, new RegExp(String(ports.firstAdmin)), report);
  },
};

const hugeHeader: Check<Fixture> = {
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

const streamBody: Check<Fixture> = {
  name: 'stream-body-that-can-not-be-replayed',
  async run({ bookinfo }, report) {
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
    void bookinfo;
  },
};

const unknownHost: Check<Fixture> = {
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

const wrongClock: Check<Fixture> = {
  name: 'clock-ten-minutes-off-at-the-first-join',
  async run({ bookinfo }, report) {
    for (const offMs of [600_000, -600_000]) {
      const clock: Clock = { ...systemClock, wallNow: () => systemClock.wallNow() + offMs };
      const logger = listeningLogger();
      const control = connectControl({
        url: `https://127.0.0.1:${bookinfo.deployment.ports.lateend}`,
        namespace: 'default',
        serviceAccount: 'prober',
        service: 'prober',
        workload: 'prober',
        instance: `prober-${offMs > 0 ? 'ahead' : 'behind'}`,
        adminAddress: () => '',
        tokenFile: await tokenFile(bookinfo, PROBER),
        clock,
        random: systemRandom,
        logger,
        events: channelSink,
      });
      const problem = await until('a word about the clock', 5_000, async () =>
        [control.problem.value ?? '', ...logger.lines].find((line) => line.includes('clock')),
      );
      oneSentence(problem, offMs > 0 ? /10m ahead/ : /10m behind/, report);
      await control.close();
    }
  },
};

export const badInput = point<Fixture>({
  id: '4.8',
  async open() {
    const bookinfo = await Bookinfo.start('bad-input', 8_000);
    return { bookinfo, load: startLoad(bookinfo.pageUrl, 40) };
  },
  async close({ bookinfo, load }) {
    await load.finish();
    await bookinfo.stop();
  },
  checks: [
    badResources,
    unreachableLateend,
    wrongToken,
    busyPorts,
    hugeHeader,
    streamBody,
    unknownHost,
    wrongClock,
    {
      name: 'nothing-crashed-and-no-work-was-lost',
      async run({ bookinfo, load }, report) {
        const { requests, failures } = await load.finish();
        assert.deepEqual(failures, []);
        assert.ok([...bookinfo.deployment.processes.values()].every(({ running }) => running));
        report.say(`${requests} pages meanwhile, 0 failed`);
      },
    },
  ],
});

/** The LateenError behind a failed call, or the one its response stands for. */
async function failureOf(call: () => Promise<Response>): Promise<Pick<LateenError, 'status' | 'message'>> {
  try {
    const response = await call();
    const text = await response.text();
    assert.ok(response.status >= 400, `it answered ${response.status}`);
    return { status: response.status, message: text };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (isLateenError(cause)) return cause;
    if (isLateenError(error)) return error;
    throw error;
  }
}

/** One line, ended or not by a full stop, no stack trace, with the place in it. */
function oneSentence(text: string, place: RegExp, report: Report): void {
  const lines = text.trim().split('\n');
  assert.equal(lines.length, 1, `one line: ${text}`);
  assert.match(text, place);
  report.say(`“${lines[0]}”`);
}

function firstLine(text: string): string {
  return `“${text.trim().split('\n')[0]}”`;
}

const SERVICE_WITH = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  FIELD
  http: [{ route: [{ destination: { host: reviews } }] }]
`;

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
