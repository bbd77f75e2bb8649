import assert from 'node:assert/strict';
import { get as httpGet, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import { Cancellation, isLateenError, runInContext } from '@lateen/core';
import { soon } from '../support/failure.ts';
import { closeAll, reviews, rule, type Setup } from '../support/setup.ts';

function ask(
  setup: Setup,
  path: string,
  options: RequestOptions = {},
  body?: string,
): Promise<{ response: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(`http://reviews:9080${path}`, { agent: setup.client.agent(), ...options }, (response) => {
      text(response).then((answer) => resolve({ response, body: answer }), reject);
    });
    call.on('error', reject).end(body);
  });
}

describe('meshAgent', () => {
  afterEach(closeAll);

  it('takes node:http requests into the mesh', async () => {
    const setup = await reviews(1);
    const { response, body } = await ask(setup, '/a?b=1', { method: 'POST', headers: { 'x-a': '1' } }, 'hello');
    const [seen] = setup.backends[0]!.seen;
    assert.deepEqual(
      [response.statusCode, body, seen!.url, seen!.body, seen!.headers['x-a']],
      [200, 'ok', '/a?b=1', 'hello', '1'],
    );
    assert.ok(seen!.headers['traceparent']);
    assert.equal(setup.log[0]?.cluster, 'outbound|9080||reviews.default.svc.cluster.local');
  });

  it('serves axios', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`{"echo":${setup.backends[0]!.seen.at(-1)!.body}}`);
    };
    const agent = setup.client.agent();
    const answer = await axios.post('http://reviews:9080/x', { a: 1 }, { httpAgent: agent, proxy: false });
    assert.deepEqual([answer.status, answer.data], [200, { echo: { a: 1 } }]);
  });

  it('streams both ways', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.server.removeAllListeners('request');
    setup.backends[0]!.server.on('request', (request, response) => request.pipe(response));
    const call = httpRequest('http://reviews:9080/', { agent: setup.client.agent(), method: 'POST' });
    call.write('first');
    const response = await new Promise<IncomingMessage>((resolve, reject) => call.on('response', resolve).on('error', reject));
    const first = await new Promise<Buffer>((resolve) => response.once('data', resolve));
    assert.equal(first.toString(), 'first');
    call.end('second');
    assert.equal(await text(response), 'second');
  });

  it('fails a request with the LateenError', async () => {
    const setup = await reviews(0);
    const error = await ask(setup, '/').then(
      () => assert.fail('it answered'),
      (reason: unknown) => reason,
    );
    assert.ok(isLateenError(error));
    assert.equal(error.code, 'LATEEN_NO_HEALTHY_ENDPOINT');
  });

  it('gives configured answers as answers', async () => {
    const setup = await reviews(1, { yaml: rule('fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }') });
    const { response, body } = await ask(setup, '/');
    assert.deepEqual([response.statusCode, body], [418, 'fault filter abort']);
  });

  it('aborts upstream when the client goes away', async () => {
    const setup = await reviews(1);
    let closed = false;
    const arrived = new Promise<void>((resolve) => {
      setup.backends[0]!.answer = (request) => {
        request.socket.once('close', () => (closed = true));
        resolve();
      };
    });
    const call = httpGet('http://reviews:9080/', { agent: setup.client.agent() }).on('error', () => {});
    await arrived;
    call.destroy();
    await soon();
    assert.ok(closed);
  });

  it('serves one request after another with the context of each', async () => {
    const setup = await reviews(1);
    for (const requestId of ['one', 'two']) {
      const served = {
        principal: undefined,
        deadline: Number.POSITIVE_INFINITY,
        trace: undefined,
        requestId,
        priority: 'default' as const,
        cancellation: new Cancellation(),
      };
      await runInContext(served, () => ask(setup, '/'));
    }
    assert.deepEqual(
      setup.backends[0]!.seen.map(({ headers }) => headers['x-request-id']),
      ['one', 'two'],
    );
  });

  it('hands an upgraded connection over', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    const headers = { connection: 'upgrade', upgrade: 'echo' };
    const call = httpRequest('http://reviews:9080/', { agent: setup.client.agent(), headers });
    const answer = await new Promise<string>((resolve, reject) => {
      call.on('error', reject).on('upgrade', (_response, socket) => {
        socket.once('data', (chunk: Buffer) => {
          resolve(chunk.toString());
          socket.destroy();
        });
        socket.write('ping');
      });
      call.end();
    });
    assert.equal(answer, 'ping');
  });

  it('lets a client’s own timeout fire', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = () => {};
    const call = httpGet('http://reviews:9080/', { agent: setup.client.agent(), timeout: 40 });
    await new Promise<void>((resolve) => call.on('error', () => {}).on('timeout', () => (call.destroy(), resolve())));
  });
});
