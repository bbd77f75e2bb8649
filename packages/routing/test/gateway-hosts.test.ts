import assert from 'node:assert/strict';
import { outcome, tableFrom, to } from './support.ts';
import type { CompileInput } from '../src/index.ts';

function gateway(hosts: string, name = 'edge', port = 8080): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: istio-system }
spec:
  selector: { istio: ingressgateway }
  servers:
  - port: { number: ${port}, name: http-${port}, protocol: HTTP }
    hosts: ${hosts}
`;
}

interface RuleOptions {
  readonly namespace?: string;
  readonly gateways?: string;
  readonly name?: string;
}

function rule(
  host: string,
  http: string,
  { namespace = 'default', gateways = '[istio-system/edge]', name }: RuleOptions = {},
): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name ?? `v${host.replaceAll(/[^a-z]/g, '')}`}, namespace: ${namespace} }
spec:
  hosts: ["${host}"]
  gateways: ${gateways}
  http:
  ${http}
`;
}

const EDGE: Partial<CompileInput> = {
  gateways: ['istio-system/edge'],
  gatewayPort: 8080,
  self: { namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
};

function at(documents: readonly string[], url: string, more: Partial<CompileInput> = {}): string {
  return outcome(tableFrom(documents.join('---'), { ...EDGE, ...more }), to(url));
}

describe('compileRoutes, hosts at a gateway', () => {
  const any = rule('*', '- directResponse: { status: 210 }');

  it('serves exact hosts in any case and nothing else', () => {
    const documents = [gateway('[shop.example.test]'), rule('shop.example.test', '- directResponse: { status: 211 }')];
    assert.equal(at(documents, 'http://SHOP.example.test:8080/'), '211');
    assert.equal(at(documents, 'http://other.example.test:8080/'), 'no-route');
  });

  it('takes any host by a star, and any port the caller thinks it dialled', () => {
    for (const url of ['http://a.example.test:8080/', 'http://127.0.0.1:18080/', 'http://whatever/']) {
      assert.equal(at([gateway('["*"]'), any], url), '210', url);
    }
  });

  it('serves only what gateway and rule have in common', () => {
    const documents = [gateway('[a.example.test, b.example.test]'), rule('*.example.test', '- directResponse: { status: 211 }')];
    assert.equal(at(documents, 'http://a.example.test:8080/'), '211');
    assert.equal(at(documents, 'http://c.example.test:8080/'), 'no-route');
    const disjoint = [gateway('[a.example.test]'), rule('z.other.test', '- directResponse: { status: 211 }')];
    assert.equal(at(disjoint, 'http://a.example.test:8080/'), 'no-route');
    assert.equal(at(disjoint, 'http://z.other.test:8080/'), 'no-route');
  });

  it('does not fall back from an exact host to the wildcard', () => {
    const exact = rule('a.example.test', '- match: [{ uri: { prefix: /only } }]\n    directResponse: { status: 213 }');
    assert.equal(at([gateway('["*"]'), any, exact], 'http://a.example.test:8080/only'), '213');
    assert.equal(at([gateway('["*"]'), any, exact], 'http://a.example.test:8080/else'), 'no-route');
  });

  it('keeps a host with a namespace to rules of that namespace', () => {
    const here = rule('a.example.test', '- directResponse: { status: 211 }', { namespace: 'istio-system' });
    const there = rule('a.example.test', '- directResponse: { status: 212 }');
    assert.equal(at([gateway('["./a.example.test"]'), here], 'http://a.example.test:8080/'), '211');
    assert.equal(at([gateway('["./a.example.test"]'), there], 'http://a.example.test:8080/'), 'no-route');
    assert.equal(at([gateway('["default/*"]'), there], 'http://a.example.test:8080/'), '212');
    assert.equal(at([gateway('["*/a.example.test"]'), there], 'http://a.example.test:8080/'), '212');
  });

  it('means the rule’s own namespace by a short gateway name', () => {
    const short = rule('a.example.test', '- directResponse: { status: 211 }', { gateways: '[edge]' });
    assert.equal(at([gateway('["*"]'), short], 'http://a.example.test:8080/'), 'no-route');
  });

  it('ignores servers of other ports and rules of other gateways', () => {
    assert.equal(at([gateway('["*"]', 'edge', 9090), any], 'http://a.example.test:8080/'), 'no-route');
    const foreign = rule('*', '- directResponse: { status: 211 }', { gateways: '[istio-system/other]' });
    assert.equal(at([gateway('["*"]'), gateway('["*"]', 'other'), foreign], 'http://a.example.test:8080/'), 'no-route');
  });

  it('joins several gateways on one port', () => {
    const documents = [
      gateway('[a.example.test]'),
      gateway('[b.example.test]', 'edge2'),
      rule('a.example.test', '- directResponse: { status: 211 }'),
      rule('b.example.test', '- directResponse: { status: 212 }', { gateways: '[istio-system/edge2]' }),
    ];
    const both = { gateways: ['istio-system/edge', 'istio-system/edge2'] };
    assert.equal(at(documents, 'http://a.example.test:8080/', both), '211');
    assert.equal(at(documents, 'http://b.example.test:8080/', both), '212');
  });

  it('merges rules for one host by name, the ones that take everything last', () => {
    const all = rule('shop.example.test', '- directResponse: { status: 211 }', { name: 'aaa' });
    const some = rule('shop.example.test', '- match: [{ uri: { prefix: /b } }]\n    directResponse: { status: 212 }', {
      name: 'bbb',
    });
    assert.equal(at([gateway('["*"]'), some, all], 'http://shop.example.test:8080/b'), '212');
    assert.equal(at([gateway('["*"]'), some, all], 'http://shop.example.test:8080/x'), '211');
    const longer = rule('shop.example.test', '- match: [{ uri: { prefix: /b/longer } }]\n    directResponse: { status: 213 }', {
      name: 'ccc',
    });
    assert.equal(at([gateway('["*"]'), longer, some], 'http://shop.example.test:8080/b/longer'), '212');
  });

  it('sends a destination without port to the only port of the service, else to its own', () => {
    const destination = (host: string): string => `- route: [{ destination: { host: ${host} } }]`;
    const documents = [
      gateway('["*"]'),
      rule('a.example.test', destination('ratings')),
      rule('m.example.test', destination('multi')),
    ];
    assert.equal(at(documents, 'http://a.example.test:8080/'), 'outbound|9080||ratings.default.svc.cluster.local');
    assert.equal(at(documents, 'http://m.example.test:8080/'), 'outbound|8080||multi.default.svc.cluster.local');
  });

  it('compares sourceLabels with its own labels and match.port with the server’s', () => {
    const labelled = rule(
      '*',
      '- match: [{ sourceLabels: { app: nobody } }]\n    directResponse: { status: 211 }\n  - directResponse: { status: 212 }',
    );
    assert.equal(at([gateway('["*"]'), labelled], 'http://a:8080/'), '212');
    const ported = rule(
      '*',
      '- match: [{ port: 8080 }]\n    directResponse: { status: 211 }\n  - directResponse: { status: 212 }',
    );
    assert.equal(at([gateway('["*"]'), ported], 'http://a:1/'), '211');
  });

  it('takes what a block says of gateways for the one that the host came by', () => {
    const both = { gateways: ['istio-system/edge', 'istio-system/other'] };
    const split = rule(
      '*',
      `- match: [{ gateways: [istio-system/other] }]
    directResponse: { status: 211 }
  - directResponse: { status: 212 }`,
      { gateways: '[istio-system/edge, istio-system/other]' },
    );
    const documents = [gateway('[a.example.test]'), gateway('[b.example.test]', 'other'), split];
    assert.equal(at(documents, 'http://a.example.test:8080/', both), '212');
    assert.equal(at(documents, 'http://b.example.test:8080/', both), '211');
  });

  it('moves the regex that takes every path behind the others too', () => {
    const documents = [
      gateway('["*"]'),
      rule('*', '- match: [{ uri: { regex: ".*" } }]\n    directResponse: { status: 211 }', { name: 'aa' }),
      rule('*', '- match: [{ uri: { prefix: /b } }]\n    directResponse: { status: 212 }', { name: 'bb' }),
    ];
    assert.equal(at(documents, 'http://a.test:8080/b'), '212');
    assert.equal(at(documents, 'http://a.test:8080/c'), '211');
  });

  it('does not know a host of which no rule is for this gateway', () => {
    const nobody = rule('a.test', '- match: [{ sourceLabels: { app: nobody } }]\n    directResponse: { status: 211 }', {
      name: 'aa',
    });
    assert.equal(at([gateway('["*"]'), nobody, any], 'http://a.test:8080/'), '210');
  });

  it('sends everything without TLS to https where the server wants that, rules or not', () => {
    const tls = gateway('[a.test]').replace('hosts:', 'tls: { httpsRedirect: true }\n    hosts:');
    const ruled = [tls, rule('a.test', '- directResponse: { status: 211 }')];
    assert.equal(at([tls], 'http://a.test:8080/x?y=1'), 'https://a.test:8080/x?y=1');
    assert.equal(at(ruled, 'http://a.test:8080/x'), 'https://a.test:8080/x');
    const table = tableFrom(ruled.join('---'), EDGE);
    assert.equal(outcome(table, to('http://a.test:8080/', { headers: ['x-forwarded-proto', 'https'] })), '211');
    assert.match(table.explainMatch(to('http://a.test:8080/')).reason.join(), /httpsRedirect/);
  });

  it('does not route to services as the mesh does', () => {
    assert.equal(at([gateway('["*"]')], 'http://reviews.default:9080/'), 'no-route');
  });

  it('wants to know its port', () => {
    const { gatewayPort: _, ...rest } = EDGE;
    assert.throws(() => tableFrom('', rest), { code: 'LATEEN_BAD_OPTION' });
  });
});
