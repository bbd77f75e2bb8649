import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseResources } from '../src/parse-resources.ts';

const parse = (text: string) => parseResources(text, { file: 'a.yaml', defaultNamespace: 'default' });
const told = (text: string): string[] =>
  parse(text).findings.map(
    ({ code, reference, column, message, fix }) => `${code} ${reference}:${column} ${message}${fix ? `; ${fix}` : ''}`,
  );

const virtualService = (rule: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
${rule}`;

describe('parseResources', () => {
  it('reads a resource with its places', () => {
    const { resources, findings } = parse(
      virtualService(`  - match:
    - headers: {end-user: {exact: jason}}
    route:
    - destination: {host: reviews, subset: v2}
`),
    );
    assert.deepEqual(findings, []);
    const [resource] = resources;
    assert.deepEqual(resource?.metadata, { name: 'reviews', namespace: 'default', labels: {}, annotations: {} });
    assert.equal(resource?.origin.line, 1);
    assert.equal(resource?.lines['/spec/http/0'], 8);
    assert.equal(resource?.lines['/spec/http/0/route/0'], 11);
    assert.equal(resource?.lines['/spec/http/0/match/0/headers'], 9);
  });

  it('reads several documents, JSON and the items of a List', () => {
    const rule =
      '{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"a","namespace":"shop"},"spec":{"hosts":["a"],"http":[{"route":[{"destination":{"host":"a"}}]}]}}';
    const other = rule.replace('"a","namespace"', '"b","namespace"');
    assert.equal(parse(`${rule}\n---\n${other}\n`).resources.length, 2);
    const list = parse(`apiVersion: v1\nkind: List\nitems:\n- ${rule}\n- ${other}\n`);
    assert.deepEqual(list.findings, []);
    assert.equal(list.resources.length, 2);
    assert.equal(list.resources[1]?.metadata.namespace, 'shop');
    assert.equal(list.resources[1]?.origin.line, 5);
  });

  const bad: readonly (readonly [string, string, readonly RegExp[]])[] = [
    [
      'an unknown field, with the nearest known one',
      virtualService('  - rout:\n    - destination: {host: reviews}\n'),
      [/^IST0106 a.yaml:8:5 unknown field "rout"; did you mean route\?/],
    ],
    [
      'a field that has nothing to act on in a process',
      virtualService('  - route: [{destination: {host: reviews}}]\n  tcp:\n  - route: [{destination: {host: reviews}}]\n'),
      [/^LTN0008 a.yaml:9:3 field tcp has no effect: only HTTP requests pass/],
    ],
    [
      'a kind that makes no sense here',
      'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec: {}\n',
      [/^LTN0002 a.yaml:2:1 kind EnvoyFilter is not supported: there is no Envoy; leave it out/],
    ],
    [
      'a kind that nobody here understands, as a note',
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n',
      [/^LTN0004 .* left out/],
    ],
    [
      'an unknown kind',
      'apiVersion: networking.istio.io/v1\nkind: VirtualServices\nmetadata: {name: a}\n',
      [/^IST0106 .*unknown kind VirtualServices/],
    ],
    [
      'an unknown version',
      'apiVersion: networking.istio.io/v2\nkind: Gateway\nmetadata: {name: a}\n',
      [/^IST0106 .*no version networking.istio.io\/v2; write networking.istio.io\/v1/],
    ],
    [
      'a field beside spec',
      `${virtualService('  - route: [{destination: {host: reviews}}]\n')}rules: []\n`,
      [/^IST0106 a.yaml:9:1 unknown field "rules"; did you mean to indent/],
    ],
    ['no name', 'apiVersion: networking.istio.io/v1\nkind: Gateway\nspec: {}\n', [/metadata.name is missing/]],
    ['broken YAML', 'a: [1, 2\nb: 3\n', [/^LTN0003 a.yaml:2:\d+ /]],
    ['a tab', 'a:\n\tb: 1\n', [/^LTN0003 a.yaml:2:1 .*Tab.*indent with spaces|^LTN0003/]],
    [
      'a key given twice',
      virtualService('  - route: [{destination: {host: reviews}}]\n    timeout: 1s\n    timeout: 2s\n'),
      [/^LTN0003 a.yaml:10:5 Map keys must be unique/],
    ],
    ['a scalar', 'just text\n', [/^IST0106 a.yaml:1:1 this is no resource/]],
    ['NUL characters', 'a: \0b\n', [/NUL/]],
    [
      'a template that nobody filled in',
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: {{ .Values.name }}\n',
      [/^LTN0003 a.yaml:4:10 a key must be a word; quote it, or fill in the template/],
    ],
    [
      'brackets nested by the thousand, once',
      '['.repeat(20_000),
      [/^LTN0003 a.yaml:1:\d+ the file is nested too deeply; no resource needs/],
    ],
    [
      'a name that is no name',
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a/b, namespace: A}\nspec: {}\n',
      [/^IST0106 a.yaml:3:12 metadata.name: "a\/b" is not a name/, /^IST0106 a.yaml:3:23 metadata.namespace: "A"/],
    ],
    [
      'a label of the resource that is a number',
      virtualService('  - route: [{destination: {host: reviews}}]\n').replace(
        'name: reviews',
        'name: reviews\n  labels: {version: 1}',
      ),
      [/^IST0106 a.yaml:5:12 metadata.labels: version must be a string; quote it/],
    ],
    [
      'a value that YAML 1.1 reads otherwise',
      virtualService('  - match: [{sourceLabels: {debug: on, build: 0755}}]\n    route: [{destination: {host: reviews}}]\n'),
      [/^LTN0005 a.yaml:8:\d+ on is true to kubectl.*; quote it/, /^LTN0005 a.yaml:8:\d+ 0755 is 493 to/],
    ],
    [
      'a word of an enumeration in the wrong case',
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {mtls: {mode: Strict}}\n',
      [/^IST0106 a.yaml:4:15 mode must be one of .*; did you mean STRICT\?/],
    ],
    [
      'a value that Istio has and Lateen does not',
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec:\n  servers:\n  - hosts: ["*"]\n    port: {number: 443, name: https, protocol: TCP}\n',
      [/^LTN0001 a.yaml:7:\d+ protocol TCP is not supported; serve it beside the gateway/],
    ],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      [/^LTN0003 .*alias/i],
    ],
    [
      'a poisoned key',
      virtualService('  - route: [{destination: {host: reviews}}]\n    __proto__: {timeout: 1s}\n'),
      [/__proto__/],
    ],
  ];
  for (const [title, text, messages] of bad) {
    it(`tells ${title}`, () => {
      const lines = told(text);
      for (const message of messages)
        assert.ok(
          lines.some((line) => message.test(line)),
          `${message} in\n${lines.join('\n')}`,
        );
      assert.equal(({} as Record<string, unknown>)['timeout'], undefined);
    });
  }

  const rules: readonly (readonly [string, string, RegExp | undefined])[] = [
    ['a zero timeout', 'timeout: 0s', /at least 1ms/],
    ['a timeout without unit', 'timeout: 5', /must be a string/],
    ['a sound timeout', 'timeout: 1.5s', undefined],
    ['retries without attempts', 'retries: {retryOn: 5xx}', /attempts are set to 0/],
    ['an unknown retry condition', 'retries: {attempts: 1, retryOn: "5xx, reset"}', /without spaces/],
    ['sound retries', 'retries: {attempts: 3, perTryTimeout: 250ms, retryOn: "5xx,503"}', undefined],
    ['an abort with 601', 'fault: {abort: {httpStatus: 601}}', /601 is not in the range 200 to 600/],
    ['an abort with 600, which Envoy refuses', 'fault: {abort: {httpStatus: 600}}', /^LTN0010 .*no status 600/],
    ['an empty fault', 'fault: {}', /abort and\/or a delay/],
    ['a percentage of 101', 'fault: {delay: {fixedDelay: 1s, percentage: {value: 101}}}', /101 is not in the range 0 to 100/],
    ['both mirror and mirrors', 'mirror: {host: a}\n    mirrors: [{destination: {host: b}}]', /both mirror and mirrors/],
    ['a look-ahead', 'match: [{uri: {regex: "a(?=b)"}}]', /RE2/],
    ['regex *', 'match: [{headers: {a: {regex: "*"}}}]', /RE2/],
    ['regex * of what must not be there', 'match: [{withoutHeaders: {a: {regex: "*"}}}]', undefined],
    ['presence', 'match: [{headers: {a: {}}}]', undefined],
    ['two kinds of match at once', 'match: [{uri: {exact: /a, prefix: /b}}]', /at most one of exact, prefix, regex/],
    ['redirect beside route', 'redirect: {uri: /x}', /both route and redirect/],
    ['an impossible subset name', 'mirror: {host: a, subset: "v 2"}', /letters, digits/],
    ['a rewrite', 'rewrite: {uri: /a}', undefined],
    ['two words on the host', 'rewrite: {authority: a.b}\n    headers: {request: {set: {host: c.d}}}', /set multiple times/],
    ['a set of :path', 'headers: {request: {set: {":path": /a}}}', /only :authority/],
    ['a removal of Host', 'headers: {request: {remove: [Host]}}', /which only set changes/],
    ['a variable in a header', 'headers: {request: {set: {a: "%HOSTNAME%"}}}', undefined],
    ['a variable that nobody knows', 'headers: {request: {set: {a: "%HOST%"}}}', /^LTN0010 .*no variable %HOST%/],
    ['a percent sign alone', 'headers: {request: {set: {a: "10%"}}}', /write a percent sign as %%/],
    ['a percent sign written twice', 'headers: {request: {set: {a: "100%%"}}}', undefined],
    ['a header name with a space', 'match: [{headers: {"x a": {exact: b}}}]', /x a.* is not a header name/],
    ['a pseudo header to match', 'match: [{headers: {":method": {exact: GET}}}]', undefined],
    ['a regular expression of 1025 characters', `match: [{uri: {regex: "${'a'.repeat(1025)}"}}]`, /at most 1024/],
    ['a status that does not exist', 'retries: {attempts: 1, retryOn: "599"}', /conditions and status codes/],
    ['a duration finer than a millisecond', 'timeout: 1500us', /whole milliseconds/],
    ['a duration that floating point cannot hold', 'timeout: 1.1s', undefined],
    ['a label value with a space', 'match: [{sourceLabels: {app: "a b"}}]', /value of a label/],
    ['an abort without status, with a warning', 'fault: {abort: {percentage: {value: 1}}}', /^LTN0012 .*error type not set/],
    ['a redirect code 304, which Envoy refuses', 'redirect: {uri: /x, redirectCode: 304}', /^LTN0010 .*304 is no redirect/],
    ['a host with a numeric end', 'mirror: {host: "10.1"}', /is not a host name/],
    ['an address as host', 'mirror: {host: 10.0.0.1}', /is not a host name/],
    ['a method in lower case, with a warning', 'match: [{method: {exact: get}}]', /^LTN0011 .*get never matches GET/],
    ['a path without slash, with a warning', 'match: [{uri: {prefix: api}}]', /^LTN0011 .*"api" never matches/],
    ['a percentage without mirror, with a warning', 'mirrorPercentage: {value: 10}', /^LTN0012 .*has no effect/],
  ];
  for (const [title, field, message] of rules) {
    it(`${message ? 'refuses or warns of' : 'takes'} ${title}`, () => {
      const lines = told(virtualService(`  - route: [{destination: {host: reviews}}]\n    ${field}\n`));
      if (message)
        assert.ok(
          lines.some((line) => message.test(line) && /a.yaml:(8|9|10):/.test(line)),
          lines.join('\n'),
        );
      else assert.deepEqual(lines, []);
    });
  }

  const others: readonly (readonly [string, string, string, RegExp | undefined])[] = [
    ['DestinationRule', 'an empty policy', 'host: a\n  trafficPolicy: {}', /at least one field/],
    [
      'DestinationRule',
      'one port with settings twice',
      'host: a\n  trafficPolicy: {portLevelSettings: [{port: {number: 1}, tls: {mode: DISABLE}}, {port: {number: 1}, tls: {mode: SIMPLE}}]}',
      /port 1 has settings twice/,
    ],
    [
      'DestinationRule',
      'a limit beyond 32 bits',
      'host: a\n  trafficPolicy: {connectionPool: {http: {maxRetries: 2147483648}}}',
      /is not in the range 0 to 2147483647/,
    ],
    ['DestinationRule', 'a subset twice', 'host: a\n  subsets: [{name: v1}, {name: v1}]', /duplicate subset names: v1/],
    [
      'DestinationRule',
      'local origin failures without the split',
      'host: a\n  trafficPolicy: {outlierDetection: {consecutiveLocalOriginFailures: 3}}',
      /split external local origin errors is set to false/,
    ],
    [
      'DestinationRule',
      'a tunnel, which is refused',
      'host: a\n  trafficPolicy: {tunnel: {targetHost: a.b, targetPort: 1}}',
      /^LTN0001 .*field tunnel is not supported: it wraps raw TCP/,
    ],
    ['DestinationRule', 'a public and a private audience', 'host: a\n  exportTo: ["*", shop]', /both public/],
    [
      'DestinationRule',
      'a sound rule',
      'host: a\n  trafficPolicy: {outlierDetection: {interval: 1s}, connectionPool: {tcp: {maxConnections: 1}}}',
      undefined,
    ],
    ['ServiceEntry', 'an address as host', 'hosts: [10.0.0.1]', /belong into addresses/],
    ['ServiceEntry', 'the host *', 'hosts: ["*"]', /"\*" is not a host name/],
    ['ServiceEntry', 'a wildcard to look up', 'hosts: ["*.a.b"]\n  resolution: DNS', /cannot be looked up/],
    [
      'ServiceEntry',
      'a name where STATIC wants addresses',
      'hosts: [a.b]\n  resolution: STATIC\n  endpoints: [{address: c.d}]',
      /is not a valid IP address/,
    ],
    [
      'ServiceEntry',
      'IPv6 in brackets',
      'hosts: [a.b]\n  resolution: DNS\n  endpoints: [{address: "[::1]"}]',
      /without brackets/,
    ],
    [
      'ServiceEntry',
      'a port that is not defined',
      'hosts: [a.b]\n  resolution: STATIC\n  endpoints: [{address: 1.2.3.4, ports: {web: 1}}]',
      /web is not defined/,
    ],
    ['ServiceEntry', 'dynamic DNS of one host', 'hosts: [a.b]\n  resolution: DYNAMIC_DNS', /host must be wildcarded/],
    ['ServiceEntry', 'STATIC with nothing, with a warning', 'hosts: [a.b]\n  resolution: STATIC', /LTN0017 .*nothing to send to/],
    [
      'ServiceEntry',
      'a CIDR with DNS',
      'hosts: [a.b]\n  resolution: DNS\n  addresses: [10.0.0.0/8]',
      /CIDR addresses are allowed only/,
    ],
    ['ServiceEntry', 'a bad address', 'hosts: [a.b]\n  addresses: [10.0.0.256]', /is not an IP address or a CIDR/],
    ['WorkloadEntry', 'a bad address', 'address: 10.0.0.300', /is not an IP address/],
    ['WorkloadEntry', 'a network', 'address: 10.0.0.3\n  network: a', /^LTN0008 .*network has no effect/],
    [
      'Gateway',
      'a partial wildcard',
      'servers: [{port: {number: 80, name: h, protocol: HTTP}, hosts: ["*a.b"]}]',
      /perhaps behind a namespace/,
    ],
    [
      'Gateway',
      'a host behind a namespace',
      'servers: [{port: {number: 80, name: h, protocol: HTTP}, hosts: ["./a.b", "prod/*.b"]}]',
      undefined,
    ],
    [
      'Gateway',
      'TLS on a plain port',
      'servers: [{port: {number: 80, name: h, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE}}]',
      /cannot have TLS settings for plain text HTTP ports/,
    ],
    ['PeerAuthentication', 'modes by port', 'portLevelMtls: {80: {mode: DISABLE}}', /^LTN0001/],
    ['PeerAuthentication', 'a wildcard selector', 'selector: {matchLabels: {app: "*"}}', /wildcards select nothing/],
  ];
  for (const [kind, title, spec, message] of others) {
    it(`${message ? 'refuses or warns of' : 'takes'} in a ${kind} ${title}`, () => {
      const group = kind === 'PeerAuthentication' ? 'security' : 'networking';
      const lines = told(`apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: a}\nspec:\n  ${spec}\n`);
      if (message) assert.match(lines.join('\n'), message);
      else assert.deepEqual(lines, []);
    });
  }

  it('takes merged keys for what they stand for', () => {
    const { resources, findings } = parse(
      virtualService('  - &one\n    timeout: 1s\n    route: [{destination: {host: a}}]\n  - <<: *one\n    timeout: 2s\n'),
    );
    assert.deepEqual(findings, []);
    const [, second] = (resources[0]?.spec as { http: object[] } | undefined)?.http ?? [];
    assert.deepEqual(second, { timeout: '2s', route: [{ destination: { host: 'a' } }] });
  });

  it('reads numbers and booleans of YAML 1.1 where nothing else can be meant, and warns', () => {
    const { resources, findings } = parse(
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec:\n  host: a\n  trafficPolicy:\n    connectionPool: {tcp: {maxConnections: 1_000}}\n    outlierDetection: {splitExternalLocalOriginErrors: yes}\n',
    );
    assert.deepEqual((resources[0]?.spec as { trafficPolicy: object } | undefined)?.trafficPolicy, {
      connectionPool: { tcp: { maxConnections: 1_000 } },
      outlierDetection: { splitExternalLocalOriginErrors: true },
    });
    assert.deepEqual(
      findings.map(({ code, level }) => `${code} ${level}`),
      ['LTN0005 Warning', 'LTN0005 Warning'],
    );
  });

  it('hands out what is readable though it is invalid, as Istio would decode it', () => {
    const { resources, readable } = parse(
      virtualService('  - route: [{destination: {host: a}, weight: "50"}]\n    timeout: null\n    zzz: 1\n    mirrors: [null]\n'),
    );
    assert.deepEqual(resources, []);
    assert.deepEqual((readable[0]?.spec as { http: object[] } | undefined)?.http, [
      { route: [{ destination: { host: 'a' }, weight: 50 }], mirrors: [{}] },
    ]);
    assert.deepEqual(parse(virtualService('  - timeout: 5\n')).readable, []);
  });

  it('looks inside typed lists', () => {
    const item = 'apiVersion: networking.istio.io/v1\n  kind: Gateway\n  metadata: {name: a}\n  spec: {}';
    const { findings } = parse(`apiVersion: networking.istio.io/v1\nkind: GatewayList\nitems:\n- ${item}\n`);
    assert.deepEqual(
      findings.map(({ origin, reference, message }) => [origin, reference, message]),
      [['Gateway default/a', 'a.yaml:7', 'field servers is missing']],
    );
  });

  it('takes the later of two resources with one name, and says so', () => {
    const first = virtualService('  - route: [{destination: {host: one}}]\n');
    const { resources, findings } = parse(`${first}---\n${first.replace('one', 'two')}`);
    assert.deepEqual(
      resources.map(({ origin }) => origin.line),
      [10],
    );
    assert.deepEqual(
      findings.map(({ code, reference, message }) => `${code} ${reference} ${message}`),
      ['LTN0006 a.yaml:1 this is written again in line 10, and only the later counts'],
    );
  });

  it('refuses hosts that cover one another', () => {
    const lines = told(virtualService('  - route: [{destination: {host: a}}]\n').replace('[reviews]', '["*.b.c", a.b.c]'));
    assert.match(lines.join(), /duplicate hosts in virtual service: \*.b.c & a.b.c/);
  });

  it('refuses weights that add up to nothing, and a mesh host *', () => {
    const lines = told(
      virtualService('  - route:\n    - destination: {host: a}\n    - destination: {host: b}\n').replace('[reviews]', '["*"]'),
    );
    assert.ok(lines.some((line) => /total destination weight = 0/.test(line)));
    assert.ok(lines.some((line) => /wildcard host \*/.test(line)));
  });

  it('never throws and never hands out what it refused, whatever the text', () => {
    const seed = virtualService(
      '  - match: [{uri: {prefix: /a}}]\n    route: [{destination: {host: reviews, subset: v1}, weight: 80}]\n    timeout: 1s\n',
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(seed.length), cut: fc.nat(6), put: fc.string({ maxLength: 6 }) }), { maxLength: 4 }),
        (edits) => {
          let text = seed;
          for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut);
          const { resources, findings } = parse(text);
          for (const finding of findings) assert.match(finding.reference, /^a\.yaml:\d+$/);
          for (const resource of resources) assert.ok(resource.metadata.name);
          assert.equal(Object.keys(Object.prototype).length, 0);
        },
      ),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => void parse(text)),
      { numRuns: 400 },
    );
  });
});
