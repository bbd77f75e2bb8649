import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { CaError } from '@lateen/ca';
import { LateenError, silentLogger } from '@lateen/core';
import { ApiError } from '../../src/http/api-error.ts';
import { apiHandler } from '../../src/http/api-handler.ts';
import type { Route } from '../../src/http/route.ts';

const echo = (method: Route['method'], path: string): Route => ({
  method,
  path,
  access: 'anyone',
  handle: async ({ name, query, json }) => ({ name, query: query.toString(), body: method === 'POST' ? await json() : null }),
});
const failing = (path: string, error: unknown): Route => ({
  method: 'GET',
  path,
  access: 'anyone',
  handle: () => Promise.reject(error),
});

describe('apiHandler', () => {
  let server: Server;
  let origin: string;
  const logged: string[] = [];
  before(async () => {
    const routes = [
      echo('GET', '/v1/one'),
      echo('POST', '/v1/one'),
      echo('DELETE', '/v1/many/'),
      failing('/ca', new CaError('forbidden', 'the detail stays here')),
      failing('/lateen', new LateenError('LATEEN_REGISTER_REFUSED', 'not granted')),
      failing('/api', new ApiError(409, 'conflict', 'too late', { current: 3 })),
      failing('/bug', new Error('the secret cause')),
    ];
    const logger = { ...silentLogger, error: (message: string) => logged.push(message) };
    server = createServer(apiHandler({ routes, authorize: () => undefined, logger }));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => void server.close());

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${origin}/v1/one`, { method: 'POST', body, headers });

  it('routes by exact path and method, with the query beside it', async () => {
    assert.deepEqual(await (await fetch(`${origin}/v1/one?a=b`)).json(), { name: '', query: 'a=b', body: null });
    assert.deepEqual(await (await fetch(`${origin}/v1/many/reviews-v1`, { method: 'DELETE' })).json(), {
      name: 'reviews-v1',
      query: '',
      body: null,
    });
  });

  for (const [method, target] of [
    ['GET', '/v1/one/../one'],
    ['GET', '/v1//one'],
    ['GET', '/v1/one/'],
    ['GET', '/v1/%6fne'],
    ['GET', 'http://other/v1/one'],
    ['PUT', '/v1/one'],
    ['DELETE', '/v1/many/'],
    ['DELETE', '/v1/many/..'],
    ['DELETE', '/v1/many/a/b'],
    ['DELETE', '/v1/many/a%2fb'],
  ] as const) {
    it(`answers 404 to ${method} ${target}`, async () => {
      assert.match(await raw(`${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`), /^HTTP\/1\.1 404 /);
    });
  }

  it('wants JSON, says so with 415, and 400 when it is none', async () => {
    assert.equal((await post('{}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await post('{', undefined)).status, 400);
    assert.equal((await post('{"__proto__":{}}')).status, 400);
    const answer = await post('{"a":1}', { 'content-type': 'Application/JSON; charset=utf-8' });
    assert.deepEqual(await answer.json(), { name: '', query: '', body: { a: 1 } });
  });

  it('refuses a body beyond 16 KiB with 413, announced or not, and ends the connection', async () => {
    assert.equal((await post(JSON.stringify('x'.repeat(16_384)))).status, 413);
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const head = 'POST /v1/one HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    assert.match(await raw(head + chunk + chunk), /^HTTP\/1\.1 413 [\s\S]*connection: close/i);
  });

  it('tells refusals with their status and code, and nothing of what was not expected', async () => {
    const answer = async (path: string) => {
      const response = await fetch(origin + path);
      return { status: response.status, body: await response.json() };
    };
    assert.deepEqual(await answer('/ca'), {
      status: 403,
      body: { error: { code: 'forbidden', message: 'the credential does not allow this identity' } },
    });
    assert.deepEqual(await answer('/lateen'), {
      status: 403,
      body: { error: { code: 'LATEEN_REGISTER_REFUSED', message: 'not granted' } },
    });
    assert.deepEqual(await answer('/api'), {
      status: 409,
      body: { error: { code: 'conflict', message: 'too late' }, current: 3 },
    });
    const bug = await answer('/bug');
    assert.equal(bug.status, 500);
    assert.doesNotMatch(JSON.stringify(bug.body), /secret/);
    assert.match(logged.join(), /the secret cause/);
  });

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
      socket.write(text);
    });
  }
});
