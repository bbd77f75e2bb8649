import assert from 'node:assert/strict';
import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { closeAll, reviews, type Setup } from '../support/setup.ts';

/** Sends bytes to the far end of the agent and reads until it closes. */
async function sendRaw({ client }: Setup, request: string): Promise<{ status: number; body: string }> {
  const agent = client.agent() as Omit<Agent, 'createConnection'> & { createConnection(options: object): Duplex };
  const connection = agent.createConnection({ host: 'reviews', port: 9080 });
  connection.write(request, 'latin1');
  const answer = await text(connection);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body };
}

const CLOSE = 'connection: close\r\n\r\n';

describe('AgentServer', () => {
  afterEach(closeAll);

  const refused: readonly (readonly [string, string, number, string, string])[] = [
    ['HTTP/1.0', 'GET / HTTP/1.0\r\nhost: reviews:9080\r\n\r\n', 426, 'Upgrade Required', 'DPE'],
    ['a version that does not exist', 'GET / HTTP/3.7\r\nhost: reviews:9080\r\n\r\n', 426, 'Upgrade Required', 'DPE'],
    ['a missing host', `GET / HTTP/1.1\r\n${CLOSE}`, 400, '', '-'],
    ['a control character', 'GET / HTTP/1.1\r\nhost: reviews:9080\r\nx: a\u0001b\r\n\r\n', 400, 'Bad Request', 'DPE'],
    ['a target that is no path', `OPTIONS * HTTP/1.1\r\nhost: reviews:9080\r\n${CLOSE}`, 404, '', '-'],
    [
      'an unknown transfer coding',
      'POST / HTTP/1.1\r\nhost: reviews:9080\r\ntransfer-encoding: gzip\r\n\r\n',
      501,
      'Not Implemented',
      'DPE',
    ],
    [
      'large headers',
      `GET / HTTP/1.1\r\nhost: reviews:9080\r\nx: ${'b'.repeat(70_000)}\r\n\r\n`,
      431,
      'Request Header Fields Too Large',
      'DPE',
    ],
    [
      'many headers',
      `GET / HTTP/1.1\r\nhost: reviews:9080\r\n${'x: 1\r\n'.repeat(100)}\r\n`,
      431,
      'Request Header Fields Too Large',
      'DPE',
    ],
  ];
  for (const [what, request, status, body, flag] of refused) {
    it(`answers ${status} to ${what}, and logs it`, async () => {
      const setup = await reviews(1);
      assert.deepEqual(await sendRaw(setup, request), { status, body });
      assert.deepEqual(
        setup.log.map((entry) => [entry.status, entry.flags, entry.attempts]),
        [[status, flag, 0]],
      );
      assert.equal(setup.backends[0]!.seen.length, 0);
    });
  }

  it('follows an absolute target rather than the Host header', async () => {
    const setup = await reviews(1);
    const { status } = await sendRaw(setup, `GET http://reviews:9080/abs?x=1 HTTP/1.1\r\nhost: other\r\n${CLOSE}`);
    const [seen] = setup.backends[0]!.seen;
    assert.deepEqual([status, seen!.url, seen!.headers.host], [200, '/abs?x=1', 'reviews:9080']);
  });

  it('answers a whole request that something unreadable follows, and closes then', async () => {
    const setup = await reviews(1);
    const { status, body } = await sendRaw(setup, 'POST / HTTP/1.1\r\nhost: reviews:9080\r\n\r\nabc');
    assert.deepEqual([status, body.includes('ok')], [200, true]);
  });

  it('reads a wish for h2c as HTTP/1.1', async () => {
    const setup = await reviews(1);
    const upgrade = 'connection: upgrade, http2-settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAA\r\n\r\n';
    const { status } = await sendRaw(setup, `GET / HTTP/1.1\r\nhost: reviews:9080\r\n${upgrade}`);
    const { headers } = setup.backends[0]!.seen[0]!;
    assert.deepEqual([status, headers.upgrade, headers['http2-settings']], [200, undefined, undefined]);
  });

  it('keeps what a connection header names to that connection', async () => {
    const setup = await reviews(1);
    await sendRaw(
      setup,
      'GET / HTTP/1.1\r\nhost: reviews:9080\r\nconnection: close, x-named\r\nx-named: 1\r\nx-other: 2\r\n\r\n',
    );
    const { headers } = setup.backends[0]!.seen[0]!;
    assert.deepEqual([headers['x-named'], headers['x-other']], [undefined, '2']);
  });
});
