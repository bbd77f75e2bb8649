import assert from 'node:assert/strict';
import type { TraceContext } from '@lateen/core';
import type { MeshTracing, SpanKind } from '@lateen/telemetry';
import { answerWith } from '../support/backend.ts';
import { closeAll, get, reviews, rule } from '../support/setup.ts';

interface SeenSpan {
  readonly kind: SpanKind;
  readonly context: TraceContext;
  readonly parent: TraceContext | undefined;
  ended: [number, string] | undefined;
}

/** Samples or not, as told, and keeps the spans. */
function recordingTracing(sampled: boolean): { tracing: MeshTracing; spans: SeenSpan[] } {
  const spans: SeenSpan[] = [];
  let ids = 0;
  const id = (length: number): string => String(++ids).padStart(length, '0');
  const tracing: MeshTracing = {
    exporting: true,
    child: (parent) => ({ traceId: parent?.traceId ?? id(32), spanId: id(16), sampled, state: undefined }),
    inject: ({ traceId, spanId }, headers) =>
      void headers.push('traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`),
    extract: () => undefined,
    span(kind, _name, context, parent) {
      const span: SeenSpan = { kind, context, parent, ended: undefined };
      spans.push(span);
      return { set() {}, rename() {}, end: (status, flags) => void (span.ended = [status, flags]) };
    },
    apply() {},
    shutdown: async () => {},
  };
  return { tracing, spans };
}

describe('spans of a call', () => {
  afterEach(closeAll);

  it('are one for the call and one below it for each attempt, whose id travels', async () => {
    const { tracing, spans } = recordingTracing(true);
    const setup = await reviews(1, { tracing, yaml: rule('retries: { attempts: 1, retryOn: "503" }') });
    const [backend] = setup.backends;
    backend!.answer = (request, response) => answerWith(backend!.seen.length === 1 ? 503 : 200)(request, response);
    await get(setup);
    assert.deepEqual(
      spans.map(({ kind, ended }) => [kind, ended?.[0]]),
      [
        ['client', 200],
        ['attempt', 503],
        ['attempt', 200],
      ],
    );
    const [call, ...attempts] = spans;
    for (const [index, attempt] of attempts.entries()) {
      assert.equal(attempt.parent, call!.context);
      assert.equal(backend!.seen[index]!.headers['traceparent'], `00-${attempt.context.traceId}-${attempt.context.spanId}-01`);
    }
  });

  it('are not made for a call that is not sampled', async () => {
    const { tracing, spans } = recordingTracing(false);
    const setup = await reviews(1, { tracing });
    await get(setup);
    assert.equal(spans.length, 0);
  });
});
