import assert from 'node:assert/strict';
import { Cancellation, type RequestContext, runInContext, systemClock } from '@lateen/core';
import { answerWith } from '../support/backend.ts';
import { failure, soon } from '../support/failure.ts';
import { requestsTotal } from '../support/harness.ts';
import { closeAll, get, policy, reviews, rule, URL_OF } from '../support/setup.ts';

function context(changes: Partial<RequestContext> = {}): RequestContext {
  return {
    principal: undefined,
    deadline: Number.POSITIVE_INFINITY,
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true, state: undefined },
    requestId: 'the-request',
    priority: 'default',
    cancellation: new Cancellation(),
    ...changes,
  };
}

describe('Call', () => {
  afterEach(closeAll);

  it('adds a request id and a trace, and nothing else', async () => {
    const setup = await reviews(1);
    await get(setup, '/a?b=%20', { headers: { accept: 'text/plain' } });
    const [seen] = setup.backends[0]!.seen;
    assert.deepEqual(Object.keys(seen!.headers).sort(), ['accept', 'connection', 'host', 'traceparent', 'x-request-id']);
    assert.deepEqual([seen!.url, seen!.headers.host], ['/a?b=%20', 'reviews:9080']);
  });

  it('hands on what the application wrote itself', async () => {
    const setup = await reviews(1);
    const headers = {
      'X-Request-Id': 'mine',
      traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
      host: 'reviews:9080',
    };
    await get(setup, '/', { headers });
    const seen = setup.backends[0]!.seen[0]!.headers;
    assert.deepEqual([seen['x-request-id'], seen['traceparent']], ['mine', headers.traceparent]);
  });

  it('inherits request id, trace and deadline from the request being served', async () => {
    const setup = await reviews(1);
    await runInContext(context({ deadline: systemClock.now() + 5_000 }), () => get(setup));
    const seen = setup.backends[0]!.seen[0]!.headers;
    assert.equal(seen['x-request-id'], 'the-request');
    assert.match(seen['traceparent'] as string, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    const left = Number(seen['x-envoy-expected-rq-timeout-ms']);
    assert.ok(left > 3_000 && left <= 5_000, `${left} ms`);
  });

  it('sends what a sidecar sends under Istio’s defaults', async () => {
    const setup = await reviews(1, { defaults: 'istio', yaml: rule('timeout: 5s') });
    await get(setup, '/', { headers: { 'x-envoy-retry-on': '5xx', 'x-envoy-attempt-count': '9' } });
    const seen = setup.backends[0]!.seen[0]!.headers;
    assert.deepEqual(
      [seen['x-envoy-attempt-count'], seen['x-forwarded-proto'], seen['x-envoy-retry-on']],
      ['1', 'http', undefined],
    );
    assert.equal(seen['x-envoy-expected-rq-timeout-ms'], '5000');
    assert.equal(seen['x-envoy-decorator-operation'], 'reviews.default.svc.cluster.local:9080/*');
  });

  it('rejects with LATEEN_TIMEOUT when the route’s timeout runs out, and closes the connection', async () => {
    const setup = await reviews(1, { yaml: rule('timeout: 60ms') });
    let closed = false;
    setup.backends[0]!.answer = (request) => void request.socket.once('close', () => (closed = true));
    const error = await failure(get(setup));
    assert.deepEqual([error.code, error.flag, error.status, error.policy], ['LATEEN_TIMEOUT', 'UT', 504, 'mesh/test.yaml:8']);
    await soon();
    assert.ok(closed);
    assert.equal(setup.client.inFlight, 0);
  });

  it('times out an answer whose body does not end', async () => {
    const setup = await reviews(1, { yaml: rule('timeout: 80ms') });
    setup.backends[0]!.answer = (_request, response) => void response.write('begin');
    const answer = await setup.client.request(URL_OF());
    assert.equal((await failure(answer.body.text())).code, 'LATEEN_TIMEOUT');
  });

  it('ends with the caller’s deadline, and does not begin after it', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = () => {};
    const late = await failure(runInContext(context({ deadline: systemClock.now() + 60 }), () => get(setup)));
    assert.equal(late.code, 'LATEEN_DEADLINE_EXCEEDED');
    const never = await failure(runInContext(context({ deadline: systemClock.now() - 1 }), () => get(setup)));
    assert.equal(never.code, 'LATEEN_DEADLINE_EXCEEDED');
    assert.equal(setup.backends[0]!.seen.length, 1);
  });

  it('is cancelled with the request being served, down to the socket', async () => {
    const setup = await reviews(1);
    let closed = false;
    const served = context();
    setup.backends[0]!.answer = (request) => {
      request.socket.once('close', () => (closed = true));
      served.cancellation.cancel(new Error('gone'));
    };
    const error = await failure(runInContext(served, () => get(setup)));
    assert.deepEqual([error.code, error.flag], ['LATEEN_CANCELLED', 'DC']);
    await soon();
    assert.ok(closed);
    assert.deepEqual([setup.log[0]?.status, setup.log[0]?.flags], [0, 'DC']);
  });

  it('gives the application its own reason when it aborts', async () => {
    const setup = await reviews(1);
    const abort = new AbortController();
    setup.backends[0]!.answer = () => abort.abort();
    await assert.rejects(setup.client.request(URL_OF(), { signal: abort.signal }), { name: 'AbortError' });
    assert.equal(setup.client.inFlight, 0);
  });

  it('does not connect for a request that is aborted before it begins', async () => {
    const setup = await reviews(1);
    await assert.rejects(setup.client.request(URL_OF(), { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(setup.backends[0]!.connections, 0);
  });

  it('answers with a fault’s abort in either error mode', async () => {
    const yaml = rule('fault: { abort: { httpStatus: 555, percentage: { value: 100 } } }');
    for (const errors of ['natural', 'respond'] as const) {
      const setup = await reviews(1, { yaml, errors });
      const got = await get(setup);
      assert.deepEqual([got.status, got.body, got.headers['x-lateen-flag']], [555, 'fault filter abort', 'FI']);
      assert.equal(setup.backends[0]!.connections, 0);
    }
  });

  it('delays by a fault before the route’s timeout begins', async () => {
    const yaml = rule('timeout: 60ms\nfault: { delay: { fixedDelay: 150ms, percentage: { value: 100 } } }');
    const setup = await reviews(1, { yaml });
    assert.equal((await get(setup)).status, 200);
    assert.equal(setup.log[0]?.flags, 'DI');
    assert.ok((setup.log[0]?.durationMs ?? 0) >= 145);
  });

  it('redirects, responds and applies response headers to both', async () => {
    const yaml = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { exact: /old } }]
      redirect: { uri: /new }
      headers: { response: { set: { x-by: rule } } }
    - match: [{ uri: { exact: /direct } }]
      directResponse: { status: 418, body: { string: short and stout } }
    - match: [{ uri: { exact: /here } }]
      route: [{ destination: { host: reviews } }]
`;
    const setup = await reviews(1, { yaml });
    const redirected = await get(setup, '/old');
    assert.deepEqual(
      [redirected.status, redirected.headers['location'], redirected.headers['x-by']],
      [301, 'http://reviews:9080/new', 'rule'],
    );
    assert.deepEqual((({ status, body }) => [status, body])(await get(setup, '/direct')), [418, 'short and stout']);
    const nowhere = await get(setup, '/nowhere');
    assert.deepEqual([nowhere.status, nowhere.body, nowhere.headers['x-lateen-flag']], [404, '', 'NR']);
  });

  it('rewrites path, authority and headers both ways', async () => {
    const yaml = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /api } }]
      rewrite: { uri: /v2, authority: inner.test }
      headers:
        request: { set: { x-set: "1" }, add: { x-add: "2" }, remove: [x-gone] }
        response: { set: { x-from: mesh }, remove: [x-secret] }
      route: [{ destination: { host: reviews } }]
`;
    const setup = await reviews(1, { yaml });
    setup.backends[0]!.answer = (_request, response) => {
      response.setHeader('x-secret', 's');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end('ok');
    };
    const got = await get(setup, '/api/x?y=1', { headers: { 'x-gone': 'g', 'x-set': '0' } });
    const [seen] = setup.backends[0]!.seen;
    assert.deepEqual([seen!.url, seen!.headers.host], ['/v2/x?y=1', 'inner.test']);
    assert.deepEqual([seen!.headers['x-set'], seen!.headers['x-add'], seen!.headers['x-gone']], ['1', '2', undefined]);
    assert.deepEqual(
      [got.headers['x-from'], got.headers['x-secret'], got.headers['set-cookie']],
      ['mesh', undefined, ['a=1', 'b=2']],
    );
  });

  it('gives Envoy’s answer instead of an error when asked to respond', async () => {
    const setup = await reviews(1, { errors: 'respond', yaml: rule('timeout: 60ms') });
    setup.backends[0]!.answer = () => {};
    const late = await get(setup);
    assert.deepEqual([late.status, late.body, late.headers['x-lateen-flag']], [504, 'upstream request timeout', 'UT']);
    setup.registry.setEndpoints('reviews', []);
    const none = await get(setup);
    assert.deepEqual([none.status, none.body, none.headers['x-lateen-flag']], [503, 'no healthy upstream', 'UH']);
  });

  it('says which cluster is missing', async () => {
    const setup = await reviews(1, { yaml: rule('', 'route: [{ destination: { host: reviews, subset: v9 } }]') });
    const error = await failure(get(setup));
    assert.deepEqual([error.code, error.flag, error.status], ['LATEEN_NO_CLUSTER', 'NC', 503]);
    assert.match(error.message, /outbound\|9080\|v9\|reviews/);
  });

  it('refuses unknown hosts under REGISTRY_ONLY with 502', async () => {
    const setup = await reviews(1, { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    const answer = await setup.client.request('http://127.0.0.1:1/');
    assert.equal(answer.statusCode, 502);
  });

  it('passes unknown hosts through untouched and counts them under one label', async () => {
    const setup = await reviews(1);
    const { port } = setup.backends[0]!;
    for (const host of ['127.0.0.1', 'localhost']) {
      const answer = await setup.client.request(`http://${host}:${port}/x`, { headers: { accept: '*/*' } });
      assert.equal(await answer.body.text(), 'ok');
    }
    for (const { headers } of setup.backends[0]!.seen) {
      assert.deepEqual(Object.keys(headers).sort(), ['accept', 'connection', 'host']);
    }
    const labels = { destination_service: 'unknown', destination_service_name: 'PassthroughCluster', response_code: '200' };
    assert.equal(await requestsTotal(setup.metrics, labels), 2);
  });

  it('counts each call once, with the endpoint that answered', async () => {
    const setup = await reviews(1, { yaml: rule('retries: { attempts: 2, retryOn: "503" }') });
    setup.backends[0]!.answer = (request, response) =>
      answerWith(setup.backends[0]!.seen.length < 2 ? 503 : 200)(request, response);
    await get(setup);
    const labels = {
      reporter: 'source',
      source_workload: 'productpage-v1',
      destination_workload: 'reviews-v1',
      destination_service: 'reviews.default.svc.cluster.local',
      response_code: '200',
      response_flags: '-',
    };
    assert.equal(await requestsTotal(setup.metrics, labels), 1);
    assert.equal(await requestsTotal(setup.metrics, { response_code: '503' }), 0);
  });

  it('refuses more than 60 KiB of headers in one sentence', async () => {
    const setup = await reviews(1);
    const error = await failure(get(setup, '/', { headers: { 'x-big': 'x'.repeat(1024 * 1024) } }));
    assert.equal(error.code, 'LATEEN_HEADERS_TOO_LARGE');
    assert.equal(setup.backends[0]!.connections, 0);
  });

  it('hands an application’s own mistake back as undici names it', async () => {
    const setup = await reviews(1);
    await assert.rejects(get(setup, '/', { headers: { 'bad name': 'x' } }), { code: 'UND_ERR_INVALID_ARG' });
    assert.equal((await get(setup)).status, 200);
  });

  it('refuses what finds no connection and no room to wait', async () => {
    const yaml = policy('connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } }');
    const setup = await reviews(1, { yaml, errors: 'respond' });
    setup.backends[0]!.answer = (_request, response) => void setTimeout(() => response.end('ok'), 50);
    const answers = await Promise.all(Array.from({ length: 6 }, () => get(setup)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 200, 503, 503, 503, 503]);
    const refused = answers.find(({ status }) => status === 503)!;
    assert.deepEqual(
      [refused.body, refused.headers['x-lateen-flag'], refused.headers['x-envoy-overloaded']],
      ['upstream connect error or disconnect/reset before headers. reset reason: overflow', 'UO', 'true'],
    );
    assert.equal(setup.backends[0]!.connections, 1);
  });

  it('bounds requests in flight', async () => {
    const setup = await reviews(1, { yaml: policy('connectionPool: { http: { http2MaxRequests: 1 } }') });
    setup.backends[0]!.answer = (_request, response) => void setTimeout(() => response.end('ok'), 50);
    const [one, other] = await Promise.allSettled([get(setup), get(setup)]);
    assert.equal(one.status, 'fulfilled');
    assert.equal((await failure(Promise.reject((other as PromiseRejectedResult).reason))).code, 'LATEEN_OVERFLOW');
  });
});
