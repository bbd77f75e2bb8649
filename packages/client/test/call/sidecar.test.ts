import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { closeAll, get, policy, reviews, rule } from '../support/setup.ts';

const ISTIO = { defaults: 'istio', errors: 'respond' } as const;
const headersSeen = (setup: Awaited<ReturnType<typeof reviews>>, at = 0): IncomingMessage['headers'] =>
  setup.backends[0]!.seen.at(at)!.headers;

describe('Call under Istio’s defaults', () => {
  afterEach(closeAll);

  it('takes out of a request what callers may not say and what belongs to their connection', async () => {
    const setup = await reviews(1, ISTIO);
    const { status } = await get(setup, '/', {
      headers: {
        connection: 'close, x-named',
        'keep-alive': 'timeout=5',
        te: 'gzip, trailers',
        'x-named': '1',
        'x-envoy-max-retries': '9',
        'x-envoy-internal': 'true',
        'x-envoy-foo': 'kept',
        'x-forwarded-client-cert': 'By=me',
        'x-request-id': '',
      },
    });
    assert.equal(status, 200);
    const seen = headersSeen(setup);
    for (const name of ['keep-alive', 'x-named', 'x-envoy-max-retries', 'x-envoy-internal', 'x-forwarded-client-cert']) {
      assert.equal(seen[name], undefined, name);
    }
    assert.deepEqual([seen['te'], seen['x-envoy-foo']], ['trailers', 'kept']);
    assert.match(seen['x-request-id'] as string, /^[0-9a-f-]{36}$/);
  });

  it('tells the upstream what a sidecar tells it, and the application how long it took', async () => {
    const setup = await reviews(1, {
      ...ISTIO,
      yaml: rule('timeout: 3s\nretries: { attempts: 2, perTryTimeout: 1s, retryOn: 5xx }'),
    });
    const { headers } = await get(setup, '/', { headers: { 'x-forwarded-proto': 'https' } });
    const seen = headersSeen(setup);
    assert.equal(seen['x-envoy-expected-rq-timeout-ms'], '1000');
    assert.equal(seen['x-envoy-attempt-count'], '1');
    assert.equal(seen['x-forwarded-proto'], 'https', 'a caller’s own that makes sense');
    assert.match(headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
    assert.equal(headers['keep-alive'], undefined);
  });

  it('leaves out what proxyHeaders disables', async () => {
    const proxyHeaders = {
      attemptCount: { disabled: true },
      requestId: { disabled: true },
      envoyDebugHeaders: { disabled: true },
    };
    const setup = await reviews(1, { ...ISTIO, meshConfig: { defaultConfig: { proxyHeaders } }, yaml: rule('timeout: 3s') });
    const { headers } = await get(setup);
    const seen = headersSeen(setup);
    for (const name of ['x-envoy-attempt-count', 'x-request-id', 'x-envoy-expected-rq-timeout-ms']) {
      assert.equal(seen[name], undefined, name);
    }
    assert.equal(headers['x-envoy-upstream-service-time'], undefined);
  });

  it('names the path that was rewritten', async () => {
    const setup = await reviews(1, { ...ISTIO, yaml: rule('match: [{ uri: { prefix: /old } }]\nrewrite: { uri: /new }') });
    await get(setup, '/old/x?q=1');
    assert.equal(setup.backends[0]!.seen[0]!.url, '/new/x?q=1');
    assert.equal(headersSeen(setup)['x-envoy-original-path'], '/old/x?q=1');
  });

  it('sends a body in chunks when a rule removes its length', async () => {
    const setup = await reviews(1, { ...ISTIO, yaml: rule('headers: { request: { remove: [content-length] } }') });
    const { status } = await get(setup, '/', { method: 'POST', body: 'hello' });
    assert.equal(status, 200);
    assert.deepEqual([headersSeen(setup)['content-length'], headersSeen(setup)['transfer-encoding']], [undefined, 'chunked']);
  });

  it('answers gRPC callers in their words', async () => {
    const abort = 'fault: { abort: { httpStatus: 429, percentage: { value: 100 } } }';
    const setup = await reviews(1, { ...ISTIO, yaml: rule(abort) });
    const options = { method: 'POST', headers: { 'content-type': 'application/grpc+proto' } };
    const { status, headers, body } = await get(setup, '/s.S/M', options);
    assert.deepEqual([status, body], [200, '']);
    assert.deepEqual(
      [headers['content-type'], headers['grpc-status'], headers['grpc-message']],
      ['application/grpc', '14', 'fault filter abort'],
    );
    setup.apply(rule('fault: { abort: { grpcStatus: NOT_FOUND, percentage: { value: 100 } } }'));
    assert.equal((await get(setup, '/s.S/M', options)).headers['grpc-status'], '5');
    assert.equal((await get(setup)).status, 200, 'a plain caller gets what Envoy gives it');
  });

  it('retries a body of 200 kB, and one of 2 MB not', async () => {
    const setup = await reviews(1, { ...ISTIO, yaml: rule('retries: { attempts: 2, retryOn: 5xx }') });
    setup.backends[0]!.answer = (_request, response) => {
      response.statusCode = 503;
      response.end('no');
    };
    await get(setup, '/', { method: 'POST', body: 'x'.repeat(200_000) });
    assert.equal(setup.backends[0]!.seen.length, 3);
    const { status } = await get(setup, '/', { method: 'POST', body: 'x'.repeat(2_000_000) });
    assert.equal(status, 503);
    assert.equal(setup.backends[0]!.seen.length, 4);
  });

  it('makes a cookie for a caller without one, and keeps callers with one where they are', async () => {
    const cookie = 'consistentHash: { httpCookie: { name: session, ttl: 60s } }';
    const setup = await reviews(5, { ...ISTIO, yaml: policy(`loadBalancer: { ${cookie} }`) });
    const counts = (): number[] => setup.backends.map(({ seen }) => seen.length);
    const { headers } = await get(setup);
    const made = /^session="([0-9a-f]{16})"; Max-Age=60; HttpOnly$/.exec(headers['set-cookie'] as string)?.[1];
    assert.ok(made, String(headers['set-cookie']));
    const first = counts();
    for (let i = 0; i < 10; i++) {
      assert.equal((await get(setup, '/', { headers: { cookie: `a=1; session=${made}` } })).headers['set-cookie'], undefined);
    }
    assert.deepEqual(
      counts(),
      first.map((count) => count * 11),
    );
  });

  it('retries a consistent hash at the same endpoint', async () => {
    const setup = await reviews(3, {
      ...ISTIO,
      yaml: `${rule('retries: { attempts: 2, retryOn: 5xx }')}${policy('loadBalancer: { consistentHash: { httpHeaderName: x-user } }')}`,
    });
    for (const backend of setup.backends) {
      backend.answer = (_request, response) => {
        response.statusCode = 503;
        response.end();
      };
    }
    await get(setup, '/', { headers: { 'x-user': 'ann' } });
    assert.deepEqual(setup.backends.map(({ seen }) => seen.length).sort(), [0, 0, 3]);
  });

  it('lets each call have one retry in flight at a time under maxRetries', async () => {
    const setup = await reviews(1, {
      ...ISTIO,
      yaml: `${rule('retries: { attempts: 3, retryOn: 5xx }')}${policy('connectionPool: { http: { maxRetries: 1 } }')}`,
    });
    setup.backends[0]!.answer = (_request, response) => {
      response.statusCode = 503;
      response.end();
    };
    await get(setup);
    assert.equal(setup.backends[0]!.seen.length, 4);
  });

  it('answers for a missing destination and for no endpoint as a sidecar does, and counts a try only for the latter', async () => {
    const setup = await reviews(0, ISTIO);
    const none = await get(setup);
    assert.deepEqual([none.status, none.body, none.headers['x-lateen-flag']], [503, 'no healthy upstream', 'UH']);
    setup.apply(rule('', 'route: [{ destination: { host: nowhere } }]'));
    const missing = await get(setup);
    assert.deepEqual([missing.status, missing.body, missing.headers['x-lateen-flag']], [503, '', 'NC']);
  });

  it('aborts before it finds out that a destination is missing', async () => {
    const fault = 'fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }';
    const setup = await reviews(1, { ...ISTIO, yaml: rule(fault, 'route: [{ destination: { host: nowhere } }]') });
    assert.equal((await get(setup)).status, 418);
  });
});
