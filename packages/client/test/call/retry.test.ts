import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { type Clock, systemClock } from '@lateen/core';
import { answerWith } from '../support/backend.ts';
import { failure, soon } from '../support/failure.ts';
import { closeAll, get, reviews, rule, versioned } from '../support/setup.ts';

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('retries', () => {
  afterEach(closeAll);

  it('goes to another endpoint when a connection is refused', async () => {
    const setup = await reviews(1);
    const [backend] = setup.backends;
    setup.registry.setEndpoints('reviews', [versioned(await deadPort(), 'v0'), versioned(backend!.port, 'v1')]);
    for (let i = 0; i < 6; i++) assert.equal((await get(setup)).status, 200);
    assert.equal(backend!.seen.length, 6);
  });

  it('tries a status named in retryOn again, at most `attempts` times', async () => {
    const setup = await reviews(2, { yaml: rule('retries: { attempts: 3, retryOn: "503" }') });
    let calls = 0;
    for (const backend of setup.backends) {
      backend.answer = (request, response) => answerWith(++calls < 3 ? 503 : 200, 'done')(request, response);
    }
    const got = await get(setup);
    assert.deepEqual([got.status, got.body, calls], [200, 'done', 3]);
    assert.equal(setup.log[0]?.attempts, 3);
    assert.equal(setup.log[0]?.flags, '-');
  });

  it('delivers the last answer, flagged URX, when the tries are used up', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 1, retryOn: 5xx }') });
    setup.backends[0]!.answer = answerWith(500, 'no');
    const got = await get(setup);
    assert.deepEqual([got.status, got.body, setup.log[0]?.flags, setup.backends[0]!.seen.length], [500, 'no', 'URX', 2]);
  });

  it('does not retry a 503 by default', async () => {
    const setup = await reviews(2);
    for (const backend of setup.backends) backend.answer = answerWith(503);
    assert.equal((await get(setup)).status, 503);
    assert.equal(setup.backends[0]!.seen.length + setup.backends[1]!.seen.length, 1);
  });

  it('names every attempt in the error, flags outermost first', async () => {
    const setup = await reviews(1);
    const port = await deadPort();
    setup.registry.setEndpoints('reviews', [versioned(port, 'v1')]);
    const error = await failure(get(setup));
    assert.equal(error.code, 'LATEEN_CONNECT_FAILED');
    assert.equal(error.flag, 'URX,UF');
    assert.equal(error.attempts.length, 3);
    assert.deepEqual(
      error.attempts.map(({ endpoint, flag }) => [endpoint, flag]),
      Array.from({ length: 3 }, () => [`127.0.0.1:${port}`, 'UF']),
    );
    assert.match(error.message, /^GET http:\/\/reviews:9080\/ failed after 3 attempts: /);
  });

  it('sends a string body again as it was', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 2, retryOn: "503" }') });
    setup.backends[0]!.answer = (request, response) =>
      answerWith(setup.backends[0]!.seen.length < 3 ? 503 : 200)(request, response);
    assert.equal((await get(setup, '/', { method: 'POST', body: 'the same' })).status, 200);
    assert.deepEqual(
      setup.backends[0]!.seen.map(({ body }) => body),
      ['the same', 'the same', 'the same'],
    );
  });

  it('sends a short stream again from what was kept', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 1, retryOn: "503" }') });
    setup.backends[0]!.answer = (request, response) =>
      answerWith(setup.backends[0]!.seen.length < 2 ? 503 : 200)(request, response);
    const got = await get(setup, '/', { method: 'POST', body: Readable.from(['one ', 'two']) });
    assert.equal(got.status, 200);
    assert.deepEqual(
      setup.backends[0]!.seen.map(({ body }) => body),
      ['one two', 'one two'],
    );
  });

  it('says so when a stream was too long to be sent again', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 1, retryOn: reset }') });
    setup.backends[0]!.answer = (request) => void request.socket.destroy();
    const body = Readable.from([Buffer.alloc(50_000), Buffer.alloc(50_000)]);
    const error = await failure(get(setup, '/', { method: 'POST', body }));
    assert.equal(error.code, 'LATEEN_BODY_NOT_REPLAYABLE');
    assert.equal(error.flag, 'UC');
    assert.match(error.message, /string or bytes/);
    assert.equal(setup.backends[0]!.seen.length, 1);
  });

  it('repeats an idempotent request once on a fresh connection when a used one was reset', async () => {
    const setup = await reviews(1);
    const [backend] = setup.backends;
    let resets = 0;
    const used = new WeakSet<object>();
    backend!.answer = (request, response) => {
      if (used.has(request.socket)) {
        resets++;
        return void request.socket.resetAndDestroy();
      }
      used.add(request.socket);
      response.end('ok');
    };
    assert.equal((await get(setup)).status, 200);
    await soon();
    assert.equal((await get(setup)).status, 200);
    assert.deepEqual([resets, backend!.connections], [1, 2]);
  });

  it('does not repeat a POST after a reset', async () => {
    const setup = await reviews(1);
    const [backend] = setup.backends;
    const used = new WeakSet<object>();
    backend!.answer = (request, response) => {
      if (used.has(request.socket)) return void request.socket.resetAndDestroy();
      used.add(request.socket);
      response.end('ok');
    };
    await get(setup, '/', { method: 'POST', body: 'x' });
    await soon();
    const error = await failure(get(setup, '/', { method: 'POST', body: 'x' }));
    assert.equal(error.code, 'LATEEN_UPSTREAM_RESET');
    assert.equal(backend!.seen.length, 2);
  });

  it('stops retrying when the budget is spent', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 1, retryOn: "503" }') });
    setup.backends[0]!.answer = answerWith(503);
    for (let i = 0; i < 60; i++) await get(setup);
    // 3 a second over ten seconds in reserve, and a fifth of the requests.
    const retries = setup.backends[0]!.seen.length - 60;
    assert.ok(retries >= 30 && retries <= 48, `${retries} retries`);
    assert.ok(setup.log.some(({ flags }) => flags === 'UO'));
  });

  it('takes an answer that comes after the deadline for none, though the wheel has not turned', async () => {
    let late = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + late, setTimeout: () => ({ cancel() {} }) };
    const setup = await reviews(1, { yaml: rule('timeout: 5s'), clock });
    setup.backends[0]!.answer = (request, response) => {
      late = 5_000;
      answerWith(200)(request, response);
    };
    const error = await failure(get(setup));
    assert.equal(error.code, 'LATEEN_TIMEOUT');
  });

  it('gives a try its own timeout and takes the next one', async () => {
    const setup = await reviews(2, { yaml: rule('retries: { attempts: 2, perTryTimeout: 80ms, retryOn: gateway-error }') });
    setup.backends[0]!.answer = () => {};
    for (let i = 0; i < 4; i++) assert.equal((await get(setup)).status, 200);
    assert.ok(setup.backends[0]!.seen.length >= 1);
  });

  it('aborts the connection of a try that timed out', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 1, perTryTimeout: 50ms, retryOn: gateway-error }') });
    let closed = 0;
    setup.backends[0]!.answer = (request) => void request.socket.once('close', () => closed++);
    const error = await failure(get(setup));
    assert.deepEqual([error.code, error.flag, error.status], ['LATEEN_TIMEOUT', 'URX,UT', 504]);
    await soon();
    assert.equal(closed, 2);
  });

  it('never retries after the first byte reached the application', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 2, retryOn: "5xx,reset" }') });
    setup.backends[0]!.answer = (request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half');
      setTimeout(() => request.socket.resetAndDestroy(), 20);
    };
    const answer = await setup.client.request('http://reviews:9080/');
    const error = await failure(answer.body.text());
    assert.equal(error.code, 'LATEEN_UPSTREAM_PROTOCOL');
    assert.equal(setup.backends[0]!.seen.length, 1);
    assert.equal(setup.log[0]?.flags, 'UPE');
  });
});
