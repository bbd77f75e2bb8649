import assert from 'node:assert/strict';
import type { Resource } from '@lateen/resources';
import fc from 'fast-check';
import { compileRoutes, RouteCompiler, type CompileInput, type RouteRequest } from '../src/index.ts';
import { type NaiveMesh, type NaiveScopedBlock, type NaiveVirtualService, naiveAnswer } from './naive-mesh.ts';
import { outcome, service, to } from './support.ts';

const SUFFIX = 'svc.cluster.local';
const namespaces = fc.constantFrom('default', 'prod');
const exportTo = fc.constantFrom<string[][]>(['*'], ['.'], ['default'], ['prod'], ['default', 'prod'], ['.', 'prod']);
const ports = fc.constantFrom(80, 9080);

const hosts = fc.uniqueArray(
  fc.constantFrom(
    `reviews.default.${SUFFIX}`,
    `ratings.default.${SUFFIX}`,
    `reviews.prod.${SUFFIX}`,
    `*.default.${SUFFIX}`,
    `*.${SUFFIX}`,
    'a.test',
    '*.test',
  ),
  { minLength: 1, maxLength: 3 },
);

const paths = fc.constantFrom('/', '/a', '/ab', '/a/b', '/A/b', '/b');

const block: fc.Arbitrary<NaiveScopedBlock> = fc.record(
  {
    uri: fc.oneof(
      paths.map((exact) => ({ exact })),
      paths.map((prefix) => ({ prefix })),
      fc.constantFrom({ regex: '/a.*' }, { regex: '/[ab]' }, { regex: '.*' }),
    ),
    headers: fc.constantFrom({ x: { exact: 'a' } }, { x: {} }, { y: { prefix: 'b' } }),
    port: ports,
    sourceLabels: fc.constantFrom<Record<string, string>[]>({ app: 'client' }, { app: 'other' }),
    sourceNamespace: namespaces,
    gateways: fc.constantFrom<string[][]>(['mesh'], ['default/edge'], ['default/edge', 'mesh']),
  },
  { requiredKeys: [] },
);

const virtualService: fc.Arbitrary<Omit<NaiveVirtualService, 'name'>> = fc
  .record(
    {
      namespace: namespaces,
      hosts,
      gateways: fc.constantFrom<string[][]>(['mesh'], ['default/edge'], ['mesh', 'default/edge']),
      exportTo,
      http: fc.array(fc.array(block, { maxLength: 2 }), { minLength: 1, maxLength: 10 }),
    },
    { requiredKeys: ['namespace', 'hosts', 'http'] },
  )
  .map(({ http, ...rest }) => ({ ...rest, http: http.map((match) => ({ match, directResponse: { status: 0 } })) }));

const egressHosts = fc.uniqueArray(
  fc.constantFrom('./*', '*/*', 'prod/*', `*/reviews.default.${SUFFIX}`, '*/*.test', `default/*.${SUFFIX}`),
  { minLength: 1, maxLength: 2 },
);

const mesh: fc.Arbitrary<NaiveMesh> = fc
  .record({
    services: fc.subarray(
      [
        { host: `reviews.default.${SUFFIX}`, namespace: 'default', ports: [9080] },
        { host: `ratings.default.${SUFFIX}`, namespace: 'default', ports: [9080, 80] },
        { host: `reviews.prod.${SUFFIX}`, namespace: 'prod', ports: [9080] },
        { host: 'a.test', namespace: 'default', ports: [80] },
        { host: '*.wild.test', namespace: 'prod', ports: [80, 9080] },
      ],
      { minLength: 3 },
    ),
    hidden: fc.constantFrom(undefined, ['.'], ['prod']),
    virtualServices: fc.array(virtualService, { minLength: 1, maxLength: 4 }),
    egress: fc.option(
      fc
        .tuple(fc.array(fc.record({ port: ports, hosts: egressHosts }), { maxLength: 1 }), egressHosts)
        .map(([withPort, all]) => [...withPort, { hosts: all }]),
      { nil: undefined, freq: 1 },
    ),
    namespace: namespaces,
  })
  .map(({ services, hidden, virtualServices, ...rest }) => ({
    ...rest,
    labels: { app: 'client' },
    services: services.map((each, index) => (index === 0 && hidden ? { ...each, exportTo: hidden } : each)),
    virtualServices: virtualServices.map((each, index) => ({
      ...each,
      name: `vs-${index}`,
      http: each.http.map(numbered(index)),
    })),
  }));

/** Every rule of a mesh answers with a status of its own. */
function numbered(index: number) {
  return (rule: NaiveVirtualService['http'][number], position: number) => ({
    ...rule,
    directResponse: { status: 200 + index * 20 + position },
  });
}

const request: fc.Arbitrary<RouteRequest> = fc
  .record({
    name: fc.constantFrom(
      'reviews',
      'reviews',
      'reviews.default',
      'ratings.default',
      'ratings',
      'Reviews.Prod.svc',
      `reviews.default.${SUFFIX}.`,
      `other.default.${SUFFIX}`,
      'a.test',
      'b.test',
      'x.wild.test',
      'unknown.example',
    ),
    port: fc.constantFrom(80, 9080, 9080),
    named: fc.boolean(),
    path: paths,
    query: fc.constantFrom('', '?q=1'),
    headers: fc.constantFrom<string[][]>([], ['x', 'a'], ['X', 'b', 'y', 'bb']),
  })
  .map(({ name, port, named, path, query, headers }) => ({
    ...to(`http://${name}${named ? `:${port}` : ''}${path}${query}`, { port, headers }),
  }));

describe('compileRoutes, against a whole mesh read aloud', () => {
  it('finds the same rule for any resources and requests, compiled at once or from one change to the next', () => {
    const compiler = new RouteCompiler();
    fc.assert(
      fc.property(mesh, fc.array(request, { minLength: 35, maxLength: 40 }), (each, requests) => {
        const input = inputOf(each);
        const table = compileRoutes(input);
        const changed = compiler.compile(input);
        for (const asked of requests) {
          const found = outcome(table, asked);
          assert.equal(
            found.replace(/^outbound.*/, 'default').replace('passthrough', 'unknown'),
            naiveAnswer(each, asked),
            JSON.stringify(asked),
          );
          assert.equal(outcome(changed, asked), found, 'compiled from the table before');
        }
      }),
      { numRuns: 2_500 },
    );
  });

  it('is the same whether a rule is changed in a table or the table is made with it', () => {
    fc.assert(
      fc.property(mesh, virtualService, fc.array(request, { minLength: 10, maxLength: 20 }), (each, { http }, requests) => {
        const before = inputOf(each);
        const [first, ...others] = before.revision.resources as [Resource, ...Resource[]];
        const changed = { ...first, spec: { ...(first.spec as object), http: http.map(numbered(4)) } };
        const after = { ...before, revision: { ...before.revision, resources: [changed, ...others] } };
        const compiler = new RouteCompiler();
        compiler.compile(before);
        const table = compiler.compile(after);
        const fresh = compileRoutes(after);
        const again = compiler.compile(before);
        const original = compileRoutes(before);
        for (const asked of requests) {
          assert.equal(outcome(table, asked), outcome(fresh, asked), 'changed');
          assert.equal(outcome(again, asked), outcome(original, asked), 'changed back');
        }
        assert.deepEqual(table.describe(), fresh.describe());
      }),
      { numRuns: 500 },
    );
  });
});

function inputOf({ services, virtualServices, egress, namespace, labels }: NaiveMesh): CompileInput {
  const resources = [
    ...virtualServices.map(({ name, namespace: own, ...spec }) => resource('VirtualService', name, own, spec)),
    ...services.map(({ host, namespace: own, exportTo: to }, index) =>
      resource('ServiceEntry', `entry-${index}`, own, { hosts: [host], ...(to ? { exportTo: to } : {}) }),
    ),
    ...(egress
      ? [
          resource('Sidecar', 'sidecar', namespace, {
            egress: egress.map(egressSpec),
            outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
          }),
        ]
      : []),
  ];
  return {
    revision: { number: 1, hash: '', resources, author: '', time: 0 },
    services: services.map(({ host, namespace: own, ports: numbers }) => service(host, numbers, { host, namespace: own })),
    self: { namespace, labels },
    gateways: ['mesh'],
    defaults: 'istio',
    outboundTrafficPolicy: 'ALLOW_ANY',
    mtls: 'auto',
  };
}

function egressSpec({ port, hosts: names }: { readonly port?: number; readonly hosts: readonly string[] }): object {
  return { ...(port === undefined ? {} : { port: { number: port, protocol: 'HTTP', name: 'http' } }), hosts: names };
}

function resource(kind: string, name: string, namespace: string, spec: object): Resource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace, labels: {}, annotations: {} },
    spec,
    origin: { kind, namespace, name, file: '', line: 0 },
    lines: {},
  };
}
