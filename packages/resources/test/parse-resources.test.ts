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
    assert.equal(parse(`${rule}\n---\n${rule}\n`).resources.length, 2);
    const list = parse(`apiVersion: v1\nkind: List\nitems:\n- ${rule}\n- ${rule}\n`);
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
      'a field that Lateen does not have yet',
      virtualService('  - route: [{destination: {host: reviews}}]\n    corsPolicy: {allowMethods: [GET]}\n'),
      [/^LTN0001 a.yaml:9:5 field corsPolicy is not supported; answer CORS/],
    ],
    [
      'a kind that Lateen does not have yet',
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {}\n',
      [/^LTN0002 a.yaml:2:1 kind AuthorizationPolicy is not supported; authorize in the application/],
    ],
    ['a Kubernetes resource, as a note', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n', [/^LTN0004 .* left out/]],
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
    ['an abort with 600', 'fault: {abort: {httpStatus: 600}}', /<= 599/],
    ['an empty fault', 'fault: {}', /abort and\/or a delay/],
    ['a percentage of 101', 'fault: {delay: {fixedDelay: 1s, percentage: {value: 101}}}', /<= 100/],
    ['both mirror and mirrors', 'mirror: {host: a}\n    mirrors: [{destination: {host: b}}]', /both mirror and mirrors/],
    ['a look-ahead', 'match: [{uri: {regex: "a(?=b)"}}]', /RE2/],
    ['regex *', 'match: [{headers: {a: {regex: "*"}}}]', /RE2/],
    ['presence', 'match: [{headers: {a: {}}}]', undefined],
    ['two kinds of match at once', 'match: [{uri: {exact: /a, prefix: /b}}]', /exactly one of exact, prefix, regex/],
    ['redirect beside route', 'redirect: {uri: /x}', /more than one of route, redirect/],
    ['an impossible subset name', 'mirror: {host: a, subset: "v 2"}', /letters, digits/],
  ];
  for (const [title, field, message] of rules) {
    it(`${message ? 'refuses' : 'takes'} ${title}`, () => {
      const lines = told(virtualService(`  - route: [{destination: {host: reviews}}]\n    ${field}\n`));
      if (message)
        assert.ok(
          lines.some((line) => message.test(line) && /a.yaml:(8|9|10):/.test(line)),
          lines.join('\n'),
        );
      else assert.deepEqual(lines, []);
    });
  }

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
