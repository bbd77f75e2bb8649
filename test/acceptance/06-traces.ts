import assert from 'node:assert/strict';
import { Bookinfo } from './kit/bookinfo.ts';
import { point, type Report } from './kit/check.ts';
import { apply, applyText } from './kit/cli.ts';
import { type RunningComponent, startJaeger, startZipkin } from './kit/components.ts';
import { loadPage } from './kit/page.ts';
import { jaegerTraces, servicesUpward, type SpanNode, zipkinTraces } from './kit/spans.ts';
import { until } from './kit/until.ts';

interface Tracing {
  readonly bookinfo: Bookinfo;
  readonly collector: RunningComponent;
}

const OTLP_PORT = 16_318;
const ZIPKIN_PORT = 16_411;

const tracingPoint = (
  component: 'jaeger' | 'zipkin',
  portOffset: number,
  startCollector: () => Promise<RunningComponent>,
  environment: Record<string, string>,
  tracesOf: (url: string, service: string) => Promise<SpanNode[][]>,
) =>
  point<Tracing>({
    id: '4.6',
    needs: [component],
    async open() {
      const collector = await startCollector();
      const options = { environment: { OTEL_TRACES_SAMPLER_ARG: '1', OTEL_BSP_SCHEDULE_DELAY: '200', ...environment } };
      const bookinfo = await Bookinfo.start(component, portOffset, options).catch(async (error) => {
        await collector.kill();
        throw error;
      });
      return { bookinfo, collector };
    },
    async close({ bookinfo, collector }) {
      await bookinfo.stop();
      await collector.kill();
    },
    checks: [
      {
        name: `${component}-shows-one-trace-through-all`,
        async run({ bookinfo, collector }, report) {
          await apply(bookinfo, 'virtual-service-all-v1');
          await applyText(bookinfo, REVIEWS_TO_V3);
          assert.equal((await loadPage(bookinfo.pageUrl)).failure, undefined);
          const whole = await until('a trace from the gateway to ratings', 20_000, async () =>
            (await tracesOf(collector.url, 'gateway')).find(isWhole),
          );
          aTraceAsItShouldBe(whole, report);
        },
      },
    ],
  });

const isServerOf =
  (name: string) =>
  ({ service, kind }: SpanNode): boolean =>
    service === name && kind === 'server';

/** Each process sends its spans by itself, so the middle of a trace may come last. */
function isWhole(spans: readonly SpanNode[]): boolean {
  const ids = new Set(spans.map(({ id }) => id));
  return (
    rootOf(spans) !== undefined &&
    ['productpage', 'details', 'reviews', 'ratings'].every((name) => spans.some(isServerOf(name))) &&
    spans.every(({ parentId }) => parentId === undefined || ids.has(parentId))
  );
}

/** The gateway's call: whoever called the gateway is none of the mesh. */
const rootOf = (spans: readonly SpanNode[]): SpanNode | undefined =>
  spans.find(({ service, parentId }) => service === 'gateway' && parentId === undefined);

/** gateway → productpage → details / reviews → ratings, and between two services a call and its attempts. */
function aTraceAsItShouldBe(spans: readonly SpanNode[], report: Report): void {
  const serverOf = (service: string): SpanNode => {
    const [one, ...more] = spans.filter(isServerOf(service));
    assert.ok(one && more.length === 0, `one server span of ${service}`);
    return one;
  };
  assert.deepEqual(servicesUpward(spans, serverOf('ratings')), ['ratings', 'reviews', 'productpage', 'gateway']);
  assert.deepEqual(servicesUpward(spans, serverOf('details')), ['details', 'productpage', 'gateway']);
  for (const service of ['productpage', 'details', 'reviews', 'ratings']) {
    const attempt = spans.find(({ id }) => id === serverOf(service).parentId);
    const call = spans.find(({ id }) => id === attempt?.parentId);
    assert.ok(attempt && call, `${service} is reached by an attempt below a call`);
    assert.deepEqual([attempt.kind, call.kind], ['client', 'client']);
    assert.equal(attempt.service, call.service);
  }
  report.say(`${spans.length} spans of ${new Set(spans.map(({ service }) => service)).size} services`);
}

const REVIEWS_TO_V3 = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http: [{ route: [{ destination: { host: reviews, subset: v3 } }] }]
`;

export const traces = [
  tracingPoint(
    'jaeger',
    6_000,
    () => startJaeger(OTLP_PORT),
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${OTLP_PORT}` },
    jaegerTraces,
  ),
  tracingPoint(
    'zipkin',
    6_100,
    () => startZipkin(ZIPKIN_PORT),
    { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_ZIPKIN_ENDPOINT: `http://127.0.0.1:${ZIPKIN_PORT}/api/v2/spans` },
    zipkinTraces,
  ),
];
