import assert from 'node:assert/strict';
import { formatFinding, parseResources } from '@lateen/resources';

function findings(yaml: string): string[] {
  return parseResources(yaml, { file: 'a.yaml', defaultNamespace: 'default' }).findings.map(formatFinding);
}

const API = 'apiVersion: gateway.networking.k8s.io/v1\n';
const route = (rule: string): string =>
  `${API}kind: HTTPRoute\nmetadata: {name: r}\nspec:\n  parentRefs: [{name: edge}]\n  rules:\n    - ${rule}\n`;
const gateway = (listeners: string): string =>
  `${API}kind: Gateway\nmetadata: {name: edge}\nspec:\n  gatewayClassName: istio\n  listeners:\n${listeners}`;

describe('httpRouteSpecRules', () => {
  it('take a route with all that is supported', () => {
    const rule = [
      'name: all',
      '      matches: [{path: {type: Exact, value: /a}, headers: [{name: X-A, value: b}], queryParams: [{name: q, type: RegularExpression, value: ".+"}], method: GET}]',
      '      filters:',
      '        - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], remove: [c]}}',
      '        - {type: URLRewrite, urlRewrite: {hostname: a.example.com, path: {type: ReplaceFullPath, replaceFullPath: /b}}}',
      '        - {type: RequestMirror, requestMirror: {backendRef: {name: c, port: 80}, percent: 10}}',
      '      backendRefs: [{name: a, port: 80, weight: 9}, {name: b, namespace: other, port: 80}]',
      '      timeouts: {request: 10s, backendRequest: 1s500ms}',
      '      retry: {codes: [503], attempts: 3}',
    ].join('\n');
    assert.deepEqual(findings(route(rule)), []);
  });

  for (const [what, rule, said] of [
    ['a path without a slash', 'matches: [{path: {value: a}}]', /a path begins with \//],
    ['a path that no request has', 'matches: [{path: {value: /a//b}}]', /compared in normal form/],
    [
      'a regular expression that is none',
      'matches: [{path: {type: RegularExpression, value: "("}}]',
      /no regular expression of RE2/,
    ],
    ['a header matched twice', 'matches: [{headers: [{name: a, value: b}, {name: A, value: c}]}]', /A is matched twice/],
    ['a filter without its field', 'filters: [{type: URLRewrite}]', /urlRewrite is missing/],
    [
      'a filter with another one’s field',
      'filters: [{type: CORS, cors: {}, urlRewrite: {}}]',
      /urlRewrite does not go with type CORS/,
    ],
    [
      'a redirect with backends',
      'filters: [{type: RequestRedirect, requestRedirect: {}}]\n      backendRefs: [{name: a, port: 80}]',
      /sends nothing on/,
    ],
    ['a Service without a port', 'backendRefs: [{name: a}]', /port is missing/],
    ['a try that is longer than all of them', 'timeouts: {request: 1s, backendRequest: 1m}', /may not be longer than request/],
    [
      'a prefix replaced where none is matched',
      'matches: [{path: {type: Exact, value: /a}}]\n      filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]',
      /needs matches by PathPrefix/,
    ],
    ['a duration with a fraction', 'timeouts: {request: 1.5s}', /a duration of whole numbers/],
    [
      'an unknown field, with the one that was meant',
      'backendRef: [{name: a, port: 80}]',
      /unknown field "backendRef"; did you mean "?backendRefs/,
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      assert.match(findings(route(rule)).join('\n'), said);
    });
  }

  it('tell the line of the field', () => {
    assert.match(findings(route('matches:\n        - path: {value: /ok}\n        - path: {value: bad}')).join(), /a\.yaml:9\)/);
  });
});

describe('kubernetesGatewayRules', () => {
  it('take listeners that differ in port or hostname', () => {
    const listeners =
      '    - {name: a, port: 80, protocol: HTTP}\n    - {name: b, port: 80, protocol: HTTP, hostname: "*.example.com"}\n    - {name: c, port: 81, protocol: HTTP}\n';
    assert.deepEqual(findings(gateway(listeners)), []);
  });

  it('ask HTTPS listeners for certificates, and others for none', () => {
    const tls = 'tls: {certificateRefs: [{name: cert}]}';
    assert.deepEqual(findings(gateway(`    - {name: a, port: 443, protocol: HTTPS, ${tls}}\n`)), []);
    assert.match(findings(gateway('    - {name: a, port: 443, protocol: HTTPS}\n')).join(), /needs tls\.certificateRefs/);
    assert.match(findings(gateway(`    - {name: a, port: 80, protocol: HTTP, ${tls}}\n`)).join(), /an HTTP listener has no tls/);
  });

  it('refuse two that do not, and a name given twice', () => {
    const said = findings(gateway('    - {name: a, port: 80, protocol: HTTP}\n    - {name: a, port: 80, protocol: HTTP}\n'));
    assert.match(said.join('\n'), /name a is used twice[\s\S]*same port and hostname/);
  });

  it('refuse what the gateway does not do, with a mend', () => {
    assert.match(findings(gateway('    - {name: a, port: 443, protocol: TLS}\n')).join(), /LTN0001.*TLS is not supported/);
  });
});

describe('REFUSED_GATEWAY_API_KINDS', () => {
  it('refuse a GRPCRoute with a reason', () => {
    const said = findings('apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: a}\nspec: {}\n');
    assert.match(said.join(), /LTN0002.*GRPCRoute.*routed as the HTTP that it is; write an HTTPRoute/);
  });
});
