import assert from 'node:assert/strict';
import { parseResources, type Revision } from '@lateen/resources';
import type { ServiceDescription } from '@lateen/discovery';
import { compileRoutes } from '../../src/compile-routes.ts';
import { gatewaysOf } from '../../src/gateway-api/gateways.ts';
import type { Match, RouteRequest } from '../../src/route.ts';
import type { RouteTable } from '../../src/route-table.ts';

const API = 'apiVersion: gateway.networking.k8s.io/v1';

function revisionOf(yaml: string): Revision {
  const { resources, findings } = parseResources(yaml, { file: 'mesh.yaml', defaultNamespace: 'default' });
  const errors = findings.filter(({ level }) => level === 'Error');
  assert.deepEqual(errors, []);
  return { number: 1, hash: '', resources, author: '', time: 0 };
}

function service(name: string, namespace = 'default', ports = [80]): ServiceDescription {
  return {
    host: `${name}.${namespace}.svc.cluster.local`,
    name,
    namespace,
    ports: ports.map((number) => ({ number, name: `http-${number}`, protocol: 'HTTP' as const })),
    location: 'mesh',
    resolution: 'registry',
    identities: [],
    origin: undefined,
  };
}

const SERVICES = [service('a'), service('b'), service('far', 'other'), service('shop', 'default', [80, 81])];

function table(yaml: string, part: { gateway?: boolean; namespace?: string } = {}): RouteTable {
  const revision = revisionOf(yaml);
  const gateways = gatewaysOf(revision).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return compileRoutes({
    revision,
    services: SERVICES,
    self: { namespace: part.namespace ?? 'default', labels: {} },
    gateways: part.gateway === false ? ['mesh'] : gateways,
    ...(part.gateway === false ? {} : { gatewayPort: 80 }),
    defaults: 'istio',
    outboundTrafficPolicy: 'ALLOW_ANY',
    mtls: 'DISABLE',
  });
}

const request = (path: string, part: Partial<RouteRequest> = {}): RouteRequest => ({
  method: 'GET',
  path,
  authority: 'shop.example.com',
  port: 80,
  scheme: 'http',
  headers: [],
  ...part,
});

/** Where a match leads, as briefly as can be: cluster hosts, `redirect …`, `respond …`. */
function leadsTo(match: Match, path = '/'): string {
  if (match.kind !== 'route') return match.kind;
  const { action } = match.route;
  if (action.kind === 'respond') return `respond ${action.response.status}`;
  if (action.kind === 'redirect') return `redirect ${action.redirect.status} ${action.redirect.location(request(path))}`;
  return action.destinations
    .map(({ cluster, weight }) => `${cluster.split('|')[3]?.split('.')[0]}${action.destinations.length > 1 ? `:${weight}` : ''}`)
    .join(' ');
}

const to = (compiled: RouteTable, path: string, part: Partial<RouteRequest> = {}): string =>
  leadsTo(compiled.match(request(path, part)), path);

const GATEWAY = `${API}
kind: Gateway
metadata: {name: edge}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
`;

const route = (rules: string, spec = 'parentRefs: [{name: edge}]', metadata = 'name: r'): string =>
  `${API}\nkind: HTTPRoute\nmetadata: {${metadata}}\nspec:\n  ${spec}\n  rules:\n${rules}\n---\n`;
const rule = (match: string, backend: string): string =>
  `    - {matches: [${match}], backendRefs: [{name: ${backend}, port: 80}]}`;
const rules = (...lines: readonly string[]): string => lines.join('\n');
const trim = (yaml: string): string => yaml.replace(/---\n$/, '');

describe('translatedRoutes', () => {
  describe('at a gateway', () => {
    it('match a prefix by whole segments, and an exact path exactly', () => {
      const compiled = table(
        trim(GATEWAY + route(rules(rule('{path: {value: /foo}}', 'a'), rule('{path: {type: Exact, value: /exact}}', 'b')))),
      );
      for (const path of ['/foo', '/foo/', '/foo/bar', '/foo?x=1']) assert.equal(to(compiled, path), 'a', path);
      for (const path of ['/foobar', '/', '/exact/']) assert.equal(to(compiled, path), 'no-route', path);
      assert.equal(to(compiled, '/exact?x'), 'b');
    });

    it('ask exact paths first, then the longest prefix, then methods, headers and query parameters, whoever wrote them', () => {
      const compiled = table(
        trim(
          GATEWAY +
            route(rules(rule('{path: {value: /}}', 'a'), rule('{path: {value: /p}, headers: [{name: x, value: "1"}]}', 'b'))) +
            route(
              rules(
                rule('{path: {value: /p}}', 'a'),
                rule('{path: {value: /p}, method: POST}', 'shop'),
                rule('{path: {value: /p}, queryParams: [{name: q, value: "1"}]}', 'shop'),
                rule('{path: {type: RegularExpression, value: "/[0-9]+"}}', 'shop'),
                rule('{path: {type: Exact, value: /p/exact}}', 'shop'),
              ),
              undefined,
              'name: s',
            ),
        ),
      );
      assert.equal(to(compiled, '/other'), 'a');
      assert.equal(to(compiled, '/p/1'), 'a');
      assert.equal(to(compiled, '/p/exact', { headers: ['x', '1'] }), 'shop');
      assert.equal(to(compiled, '/p', { headers: ['x', '1'], method: 'POST' }), 'shop');
      assert.equal(to(compiled, '/p?q=1', { headers: ['x', '1'] }), 'b');
      assert.equal(to(compiled, '/p?q=1'), 'shop');
      assert.equal(to(compiled, '/42'), 'shop');
    });

    it('take the older of two routes that say the same, then the one that comes first by its name', () => {
      const same = (metadata: string, backend: string): string => route(rule('{path: {value: /}}', backend), undefined, metadata);
      const byName = same('name: z', 'a') + same('name: y', 'b');
      assert.equal(to(table(trim(GATEWAY + byName)), '/'), 'b');
      const created = (name: string, backend: string, year: number): string =>
        same(`name: ${name}, creationTimestamp: "${year}-01-01T00:00:00Z"`, backend);
      assert.equal(to(table(trim(GATEWAY + created('z', 'a', 2020) + created('y', 'b', 2021))), '/'), 'a');
    });

    it('answer for the hosts that route and listener have in common', () => {
      const listeners = '[{name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}]';
      const gateway = `${API}\nkind: Gateway\nmetadata: {name: edge}\nspec: {gatewayClassName: istio, listeners: ${listeners}}\n---\n`;
      const compiled = table(
        trim(gateway + route(rule('{}', 'a'), 'parentRefs: [{name: edge}]\n  hostnames: [shop.example.com, shop.example.org]')),
      );
      assert.equal(to(compiled, '/'), 'a');
      assert.equal(to(compiled, '/', { authority: 'shop.example.org' }), 'no-route');
      assert.equal(to(compiled, '/', { authority: 'other.example.com' }), 'no-route');
    });

    it('attach to the section and port they name, from the namespaces that the listener allows', () => {
      const listeners = [
        '{name: own, port: 80, protocol: HTTP, hostname: own.example.com}',
        '{name: all, port: 80, protocol: HTTP, hostname: all.example.com, allowedRoutes: {namespaces: {from: All}}}',
        '{name: some, port: 80, protocol: HTTP, hostname: some.example.com, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}}',
      ].join(', ');
      const gateway = `${API}\nkind: Gateway\nmetadata: {name: edge}\nspec: {gatewayClassName: istio, listeners: [${listeners}]}\n---\n`;
      const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {team: shop}}\n---\n';
      const far = route(rule('{}', 'far'), 'parentRefs: [{name: edge, namespace: default}]', 'name: r, namespace: other');
      const compiled = table(trim(gateway + namespace + far));
      const at = (host: string): string => to(compiled, '/', { authority: `${host}.example.com` });
      assert.deepEqual(['own', 'all', 'some'].map(at), ['no-route', 'far', 'far']);
      const section = table(trim(gateway + route(rule('{}', 'a'), 'parentRefs: [{name: edge, sectionName: own}]')));
      assert.equal(to(section, '/', { authority: 'own.example.com' }), 'a');
      assert.equal(to(section, '/', { authority: 'all.example.com' }), 'no-route');
    });

    it('split by weight, leaving out those of weight 0', () => {
      const backends = '[{name: a, port: 80, weight: 3}, {name: b, port: 80}, {name: shop, port: 80, weight: 0}]';
      assert.equal(to(table(trim(GATEWAY + route(`    - {backendRefs: ${backends}}`))), '/'), 'a:3 b:1');
    });

    it('answer 500 where no backend is written, and where one does not exist or may not be named', () => {
      assert.equal(to(table(trim(GATEWAY + route('    - {matches: [{path: {value: /}}]}'))), '/'), 'respond 500');
      const compiled = table(
        trim(GATEWAY + route(rule('{path: {value: /none}}', 'none') + '\n' + rule('{}', 'far, namespace: other'))),
      );
      for (const path of ['/none', '/']) {
        const match = compiled.match(request(path));
        assert.ok(match.kind === 'route' && match.route.action.kind === 'forward');
        assert.equal(match.route.unknownClusterStatus, 500, path);
        assert.equal(compiled.clusters.has(match.route.action.destinations[0]?.cluster as string), false, path);
      }
    });

    it('reach into another namespace with leave from there', () => {
      const grant = (name: string): string =>
        `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: other}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: "", kind: Service${name}}]}\n`;
      const yaml = GATEWAY + route(rule('{}', 'far, namespace: other'));
      assert.equal(to(table(yaml + grant('')), '/'), 'far');
      assert.equal(to(table(yaml + grant(', name: far')), '/'), 'far');
      assert.equal(to(table(yaml + grant(', name: near')), '/'), 'no-reference-grant');
    });

    const filtered = (match: string, filter: string, backend = 'backendRefs: [{name: a, port: 80}]'): RouteTable =>
      table(trim(GATEWAY + route(`    - {matches: [${match}], filters: [${filter}]${backend ? `, ${backend}` : ''}}`)));

    it('rewrite a prefix by whole segments', () => {
      const rewritten = (prefix: string, replacement: string, path: string): string | undefined => {
        const filter = `{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: "${replacement}"}}}`;
        const match = filtered(`{path: {value: ${prefix}}}`, filter).match(request(path));
        return match.kind === 'route' ? match.route.rewrite?.path(path) : undefined;
      };
      assert.equal(rewritten('/foo', '/xyz', '/foo/bar'), '/xyz/bar');
      assert.equal(rewritten('/foo', '/xyz/', '/foo/bar?a=1'), '/xyz/bar?a=1');
      assert.equal(rewritten('/foo/', '/xyz', '/foo'), '/xyz');
      assert.equal(rewritten('/foo', '/xyz', '/foo/'), '/xyz/');
      assert.equal(rewritten('/foo', '', '/foo/bar'), '/bar');
      assert.equal(rewritten('/foo', '/', '/foo'), '/');
      assert.equal(rewritten('/', '/xyz', '/bar'), '/xyz/bar');
    });

    it('rewrite a whole path and the host', () => {
      const filter =
        '{type: URLRewrite, urlRewrite: {hostname: b.example.com, path: {type: ReplaceFullPath, replaceFullPath: /all}}}';
      const match = filtered('{path: {value: /foo}}', filter).match(request('/foo/bar?x=1'));
      assert.ok(match.kind === 'route');
      assert.equal(match.route.rewrite?.path('/foo/bar?x=1'), '/all?x=1');
      assert.equal(match.route.rewrite?.authority, 'b.example.com');
    });

    it('redirect with 302 unless another status is written, on the port of the request unless the scheme is another', () => {
      const redirect = (fields: string, path = '/foo/bar'): string =>
        to(filtered('{path: {value: /foo}}', `{type: RequestRedirect, requestRedirect: {${fields}}}`, ''), path, {
          authority: 'shop.example.com',
        });
      assert.equal(redirect('hostname: b.example.com'), 'redirect 302 http://b.example.com/foo/bar');
      assert.equal(redirect('scheme: https, statusCode: 301'), 'redirect 301 https://shop.example.com/foo/bar');
      assert.equal(
        redirect('path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}'),
        'redirect 302 http://shop.example.com/x/bar',
      );
      assert.equal(redirect('path: {type: ReplaceFullPath, replaceFullPath: /y}'), 'redirect 302 http://shop.example.com/y');
    });

    it('change headers, of the rule and of a backend', () => {
      const compiled = table(
        trim(
          GATEWAY +
            route(
              '    - {filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: a}], remove: [X-B]}}, {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: X-C, value: c}]}}], backendRefs: [{name: a, port: 80, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-D, value: d}]}}]}]}',
            ),
        ),
      );
      const match = compiled.match(request('/'));
      assert.ok(match.kind === 'route');
      const names = [...(match.route.requestHeaders?.set ?? [])].map(([name]) => name);
      assert.deepEqual(names.toSorted(), ['x-a', 'x-d']);
      assert.deepEqual(match.route.requestHeaders?.remove, ['x-b']);
      assert.deepEqual(
        match.route.responseHeaders?.add.map(([name]) => name),
        ['x-c'],
      );
    });

    it('mirror all requests, or the share that is written', () => {
      const mirrored = (share: string): readonly (readonly [string | undefined, number])[] => {
        const filter = `{type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}${share}}}`;
        const match = filtered('{}', filter).match(request('/'));
        return match.kind === 'route' ? match.route.mirrors.map(({ cluster, share: part }) => [cluster.split('|')[3], part]) : [];
      };
      const b = 'b.default.svc.cluster.local';
      assert.deepEqual(mirrored(''), [[b, 1]]);
      assert.deepEqual(mirrored(', percent: 25'), [[b, 0.25]]);
      assert.deepEqual(mirrored(', fraction: {numerator: 5, denominator: 1000}'), [[b, 0.005]]);
    });

    it('keep a time limit for all tries, and retry as written', () => {
      const timed = (fields: string) => {
        const match = table(trim(GATEWAY + route(`    - {backendRefs: [{name: a, port: 80}], ${fields}}`))).match(request('/'));
        assert.ok(match.kind === 'route');
        return match.route;
      };
      assert.equal(timed('timeouts: {request: 1s500ms}').timeoutMs, 1_500);
      assert.equal(timed('timeouts: {request: 0s}').timeoutMs, 0);
      assert.equal(timed('timeouts: {request: 10s, backendRequest: 2s}').timeoutMs, 2_000);
      const { retry, timeoutMs } = timed('timeouts: {request: 10s, backendRequest: 2s}, retry: {codes: [503], attempts: 4}');
      assert.deepEqual([retry.maxRetries, timeoutMs], [4, 10_000]);
    });

    it('tell the line of the rule', () => {
      const compiled = table(trim(GATEWAY + route(rules(rule('{path: {value: /}}', 'a'), rule('{path: {value: /b}}', 'b')))));
      const described = compiled
        .describe()
        .map(({ resource, file, line, ruleIndex }) => [resource, `${file}:${line}`, ruleIndex]);
      assert.deepEqual(described, [
        ['HTTPRoute default/r', 'mesh.yaml:13', 1],
        ['HTTPRoute default/r', 'mesh.yaml:13', 1],
        ['HTTPRoute default/r', 'mesh.yaml:12', 0],
      ]);
    });
  });

  describe('in the mesh', () => {
    const SERVICE = 'parentRefs: [{group: "", kind: Service, name: shop}]';
    const inMesh = (yaml: string, namespace?: string): RouteTable =>
      table(trim(yaml), { gateway: false, ...(namespace ? { namespace } : {}) });
    const shop = { authority: 'shop.default.svc.cluster.local' };

    it('route calls of a Service', () => {
      const compiled = inMesh(route(rules(rule('{headers: [{name: end-user, value: jason}]}', 'a'), rule('{}', 'b')), SERVICE));
      assert.equal(to(compiled, '/', { ...shop, headers: ['end-user', 'jason'] }), 'a');
      assert.equal(to(compiled, '/', shop), 'b');
      assert.equal(to(compiled, '/', { ...shop, port: 81 }), 'b');
    });

    it('leave ports alone that they do not name, and answer 404 on theirs where nothing fits', () => {
      const compiled = inMesh(route(rule('{path: {value: /a}}', 'a'), SERVICE.replace('}]', ', port: 80}]')));
      assert.equal(to(compiled, '/a', shop), 'a');
      assert.equal(to(compiled, '/', shop), 'no-route');
      assert.equal(to(compiled, '/', { ...shop, port: 81 }), 'shop');
    });

    it('of another namespace speak to its callers only, and come before the Service’s own', () => {
      const producer = route(rule('{}', 'a'), SERVICE);
      const consumer = route(
        rule('{}', 'far'),
        'parentRefs: [{group: "", kind: Service, name: shop, namespace: default}]',
        'name: c, namespace: other',
      );
      assert.equal(to(inMesh(producer + consumer), '/', shop), 'a');
      assert.equal(to(inMesh(producer + consumer, 'other'), '/', shop), 'far');
    });

    it('give way to a VirtualService for the same host', () => {
      const virtualService =
        'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: zzz}\nspec: {hosts: [shop], http: [{route: [{destination: {host: b, port: {number: 80}}}]}]}\n---\n';
      assert.equal(to(inMesh(route(rule('{}', 'a'), SERVICE) + virtualService), '/', shop), 'b');
    });
  });

  it('give the same objects while nothing of the Gateway API has changed', async () => {
    const { translatedRoutes } = await import('../../src/gateway-api/translated-routes.ts');
    const revision = revisionOf(trim(GATEWAY + route(rule('{}', 'a'))));
    const of = (value: Revision) => translatedRoutes({ revision: value, self: { namespace: 'default', labels: {} } } as never)[0];
    assert.equal(of(revision), of({ ...revision, number: 2, resources: [...revision.resources] }));
    assert.notEqual(of(revision), of(revisionOf(trim(GATEWAY + route(rule('{}', 'a'))))));
  });
});
