import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { seededRandom, silentLogger, systemClock, systemRandom } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import { createTracing } from '../src/tracing/create-tracing.ts';
import { IdPool } from '../src/tracing/id-pool.ts';
import { extractContext, traceparent } from '../src/tracing/propagation.ts';
import { tracingSettings } from '../src/tracing/tracing-settings.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('IdPool', () => {
  it('gives valid, distinct ids across refills, and never zero', () => {
    const ids = new IdPool();
    const seen = new Set(Array.from({ length: 2_000 }, () => ids.traceId()));
    assert.equal(seen.size, 2_000);
    for (const id of seen) assert.match(id, /^[0-9a-f]{32}$/);
    let zeros = true;
    const stubborn = new IdPool((buffer) => {
      buffer.fill(zeros ? 0 : 7);
      zeros = false;
    });
    assert.equal(stubborn.spanId(), '0707070707070707');
  });
});

describe('propagation', () => {
  it('writes traceparent', () => {
    assert.equal(traceparent({ traceId: TRACE, spanId: SPAN, sampled: true, state: undefined }), `00-${TRACE}-${SPAN}-01`);
    assert.equal(traceparent({ traceId: TRACE, spanId: SPAN, sampled: false, state: undefined }), `00-${TRACE}-${SPAN}-00`);
  });

  const b3 = (flag?: string) => ['X-B3-TraceId', TRACE, 'x-b3-spanid', SPAN, ...(flag ? ['x-b3-sampled', flag] : [])];
  for (const [title, headers, sampled, decided] of [
    ['W3C', ['Traceparent', `00-${TRACE}-${SPAN}-01`], true, true],
    ['W3C, unsampled', ['traceparent', `00-${TRACE}-${SPAN}-00`], false, true],
    ['W3C of a later version', ['traceparent', `cc-${TRACE}-${SPAN}-01-what-comes`], true, true],
    ['one B3 header', ['b3', `${TRACE}-${SPAN}-1`], true, true],
    ['one B3 header without a decision', ['b3', `${TRACE}-${SPAN}`], false, false],
    ['several B3 headers', b3('1'), true, true],
    ['several B3 headers without a decision', b3(), false, false],
  ] as const) {
    it(`reads ${title}`, () => {
      const found = extractContext(headers);
      assert.equal(found?.context.traceId, TRACE);
      assert.equal(found?.context.spanId, SPAN);
      assert.equal(found?.context.sampled, sampled);
      assert.equal(found?.decided, decided);
    });
  }
  it('pads a 64-bit B3 trace id', () =>
    assert.equal(extractContext(['b3', `${SPAN}-${SPAN}-1`])?.context.traceId, `0000000000000000${SPAN}`));

  for (const bad of [
    `00-${TRACE}-${SPAN}`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    '',
  ]) {
    it(`takes ${bad || 'an empty traceparent'} for absent`, () => assert.equal(extractContext(['traceparent', bad]), undefined));
  }
});

describe('tracingSettings', () => {
  it("reads OpenTelemetry's variables and warns of what Lateen does not have", () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) };
    assert.equal(tracingSettings({}, logger).exporter, 'none');
    assert.equal(tracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' }, logger).exporter, 'otlp');
    assert.equal(tracingSettings({ OTEL_TRACES_SAMPLER: 'always_on' }, logger).samplingRatio, 1);
    assert.equal(tracingSettings({ OTEL_TRACES_SAMPLER_ARG: '0.25' }, logger).samplingRatio, 0.25);
    assert.deepEqual(tracingSettings({ OTEL_PROPAGATORS: 'tracecontext,b3multi,baggage' }, logger).propagators, [
      'tracecontext',
      'b3multi',
    ]);
    assert.deepEqual(warnings, []);
    tracingSettings({ OTEL_TRACES_EXPORTER: 'jaeger', OTEL_TRACES_SAMPLER_ARG: '7', OTEL_PROPAGATORS: 'ottrace' }, logger);
    assert.equal(warnings.length, 3);
  });
});

describe('createTracing', () => {
  it('propagates without an exporter, makes no span and samples nothing of its own', () => {
    const tracing = createTracing({
      serviceName: 's',
      environment: {},
      samplingRatio: 1,
      clock: fakeClock(),
      random: seededRandom(1),
      logger: silentLogger,
    });
    const root = tracing.child(undefined);
    assert.equal(root.sampled, false);
    const parent = { traceId: TRACE, spanId: SPAN, sampled: true, state: 'a=b' };
    const child = tracing.child(parent);
    assert.equal(child.traceId, TRACE);
    assert.notEqual(child.spanId, SPAN);
    assert.equal(tracing.span('client', 'x', child, parent), undefined);
    const headers: string[] = [];
    tracing.inject(child, headers);
    assert.deepEqual(headers, ['traceparent', traceparent(child), 'tracestate', 'a=b']);
  });

  it("grants strangers' wish to be sampled up to a rate", () => {
    const clock = fakeClock();
    const tracing = createTracing({ serviceName: 's', environment: {}, clock, random: seededRandom(1), logger: silentLogger });
    const headers = ['traceparent', `00-${TRACE}-${SPAN}-01`];
    const granted = (): number =>
      Array.from({ length: 50 }, () => tracing.extract(headers, 'edge')?.sampled).filter(Boolean).length;
    assert.equal(granted(), 10);
    clock.advance(500);
    assert.equal(granted(), 5);
    assert.equal(tracing.extract(headers, 'full')?.sampled, true);
  });

  it('exports spans with the ids that went over the wire', async () => {
    const received: string[] = [];
    const collector: Server = createServer(async (request, response) => {
      received.push(await text(request));
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => collector.once('listening', resolve));
    const { port } = collector.address() as AddressInfo;
    process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] = `http://127.0.0.1:${port}/api/v2/spans`;
    try {
      const tracing = createTracing({
        serviceName: 'reviews',
        environment: { OTEL_TRACES_EXPORTER: 'zipkin' },
        samplingRatio: 1,
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
      });
      const root = tracing.child(undefined);
      const child = tracing.child(root);
      const server = tracing.span('server', 'reviews', root, undefined);
      const client = tracing.span('client', 'ratings', child, root);
      client?.set('upstream_cluster', 'x');
      client?.end(503, 'UH', 'no healthy endpoint');
      server?.end(200, '-');
      await tracing.shutdown();
      const spans = received.flatMap(
        (body) =>
          JSON.parse(body) as { traceId: string; id: string; parentId?: string; name: string; tags: Record<string, string> }[],
      );
      const byName = new Map(spans.map((span) => [span.name, span]));
      assert.equal(byName.get('reviews')?.id, root.spanId);
      assert.equal(byName.get('reviews')?.parentId, undefined);
      assert.equal(byName.get('ratings')?.id, child.spanId);
      assert.equal(byName.get('ratings')?.parentId, root.spanId);
      assert.equal(byName.get('ratings')?.traceId, root.traceId);
      assert.equal(byName.get('ratings')?.tags['response_flags'], 'UH');
    } finally {
      delete process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'];
      collector.close();
      collector.closeAllConnections();
    }
  });

  it("leaves the process's OpenTelemetry to the application", async () => {
    const { trace, ProxyTracerProvider } = createRequire(import.meta.url)(
      '@opentelemetry/api',
    ) as typeof import('@opentelemetry/api');
    const { trace: imported, context, logs } = await import('@opentelemetry/api');
    const listeners = process.listenerCount('SIGTERM') + process.listenerCount('beforeExit');
    const tracing = createTracing({
      serviceName: 'reviews',
      environment: { OTEL_TRACES_EXPORTER: 'otlp' },
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
    assert.equal(tracing.exporting, true);
    assert.equal(process.listenerCount('SIGTERM') + process.listenerCount('beforeExit'), listeners);
    assert.equal(Object.hasOwn(trace, 'setGlobalTracerProvider'), false);
    const own = { getTracer: () => trace.getTracer('app') };
    assert.equal(imported.setGlobalTracerProvider(own), true, 'the place was taken');
    assert.equal((imported.getTracerProvider() as InstanceType<typeof ProxyTracerProvider>).getDelegate(), own);
    const manager = {
      active: () => ROOT_CONTEXT,
      with: () => undefined,
      bind: () => undefined,
      enable: () => manager,
      disable: () => manager,
    };
    assert.equal(context.setGlobalContextManager(manager as unknown as ContextManager), true, 'the place was taken');
    assert.equal(logs.setGlobalLoggerProvider({ getLogger: () => assert.fail() }), true, 'the place was taken');
    for (const api of [imported, context, logs]) api.disable();
    await tracing.shutdown();
  });

  it('ends although the collector does not answer', async () => {
    const mute: Server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    try {
      const clock = fakeClock();
      const tracing = createTracing({
        serviceName: 'reviews',
        environment: { OTEL_TRACES_EXPORTER: 'otlp' },
        samplingRatio: 1,
        clock,
        random: systemRandom,
        logger: silentLogger,
      });
      tracing.span('server', 'reviews', tracing.child(undefined), undefined)?.end(200, '-');
      const ended = tracing.shutdown();
      await clock.advanceAsync(3_000);
      await ended;
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      mute.close();
      mute.closeAllConnections();
    }
  });
});
