import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { silentLogger, systemClock, systemRandom } from '@lateen/core';
import { DEFAULT_TRACING, type SideTracing, type TracingPolicy } from '../../src/policy/tracing-policy.ts';
import { createTracing } from '../../src/tracing/create-tracing.ts';
import type { MeshTracing } from '../../src/tracing/mesh-tracing.ts';

interface ZipkinSpan {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The spans that came of what was done with a tracing that samples everything unless a policy says otherwise. */
async function spansOf(act: (tracing: MeshTracing) => void): Promise<ZipkinSpan[]> {
  const received: string[] = [];
  const collector = createServer(async (request, response) => {
    received.push(await text(request));
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/api/v2/spans`;
  try {
    const tracing = createTracing({
      serviceName: 'reviews',
      attributes: { 'service.namespace': 'shop', 'service.version': 'v2' },
      environment: { OTEL_TRACES_EXPORTER: 'zipkin' },
      samplingRatio: 1,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
    act(tracing);
    await tracing.shutdown();
  } finally {
    delete process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'];
    collector.close();
    collector.closeAllConnections();
  }
  return received.flatMap((body) => JSON.parse(body) as ZipkinSpan[]);
}

const policy = (client: Partial<SideTracing>, server: Partial<SideTracing> = client): TracingPolicy => ({
  client: { ...DEFAULT_TRACING.client, ...client },
  server: { ...DEFAULT_TRACING.server, ...server },
});

function trace(tracing: MeshTracing, headers: readonly string[] = []): void {
  const root = tracing.child(undefined, 'server');
  tracing.span('server', 'in', root, undefined, headers)?.end(200, '-');
  const call = tracing.child(root);
  tracing.span('client', 'out', call, root, headers)?.end(200, '-');
  tracing.span('attempt', 'try', tracing.child(call), call)?.end(200, '-');
}

describe('MeshTracing.apply', () => {
  it('tags spans with what the policy, the request and the workload say; tries keep their own', async () => {
    const spans = await spansOf((tracing) => {
      tracing.apply(policy({ tags: [['team', 'shop']], headerTags: (headers) => [['user', headers[1] ?? '']] }));
      trace(tracing, ['x-user', 'jason']);
    });
    const tags = new Map(spans.map((span) => [span.name, span.tags]));
    for (const name of ['in', 'out']) {
      assert.equal(tags.get(name)?.['team'], 'shop');
      assert.equal(tags.get(name)?.['user'], 'jason');
      assert.equal(tags.get(name)?.['istio.canonical_service'], 'reviews');
      assert.equal(tags.get(name)?.['istio.canonical_revision'], 'v2');
      assert.equal(tags.get(name)?.['istio.namespace'], 'shop');
    }
    assert.equal(tags.get('try')?.['team'], undefined);
  });

  it('tells nothing for a side whose reporting is off, and passes the context on', async () => {
    const headers: string[] = [];
    const spans = await spansOf((tracing) => {
      tracing.apply(policy({ reports: false }, {}));
      trace(tracing);
      tracing.inject(tracing.child(undefined), headers);
    });
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['in'],
    );
    assert.equal(headers[0], 'traceparent');
  });

  it('samples as the policy says for the side where a trace begins', async () => {
    const spans = await spansOf((tracing) => {
      tracing.apply(policy({ samplingRatio: 0 }, {}));
      assert.equal(tracing.child(undefined).sampled, false);
      assert.equal(tracing.child(undefined, 'server').sampled, true);
      tracing.apply(DEFAULT_TRACING);
      assert.equal(tracing.child(undefined).sampled, true);
    });
    assert.deepEqual(spans, []);
  });

  it('keeps the context to itself, and Istio’s tags, where it is told to', async () => {
    const headers: string[] = [];
    const spans = await spansOf((tracing) => {
      tracing.apply(policy({ propagates: false, istioTags: false }));
      trace(tracing);
      tracing.inject(tracing.child(undefined), headers);
    });
    assert.deepEqual(headers, []);
    assert.equal(spans.find(({ name }) => name === 'out')?.tags['istio.namespace'], undefined);
  });
});
