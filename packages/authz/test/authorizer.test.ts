import assert from 'node:assert/strict';
import { compileAuthorization, type RequestFacts } from '@lateen/authz';
import { allows, authorizer, FACTS, principal, resource, revision, WORKLOAD } from './support/fixtures.ts';

interface Field {
  readonly what: string;
  readonly rule: object;
  readonly yes: readonly Partial<RequestFacts>[];
  readonly no: readonly Partial<RequestFacts>[];
}

const source = (fields: object): object => ({ from: [{ source: fields }] });
const operation = (fields: object): object => ({ to: [{ operation: fields }] });
const when = (key: string, values: object): object => ({ when: [{ key, ...values }] });
const sleep = { principal: principal('foo', 'sleep') };
const claims = (members: object): Partial<RequestFacts> => ({ claims: { iss: 'me', sub: 'alice', ...members } });

const FIELDS: readonly Field[] = [
  {
    what: 'principals',
    rule: source({ principals: ['cluster.local/ns/foo/sa/sleep'] }),
    yes: [sleep],
    no: [{}, { principal: principal('foo', 'sleeper') }],
  },
  { what: 'principals *', rule: source({ principals: ['*'] }), yes: [sleep], no: [{}] },
  {
    what: 'principals by their end',
    rule: source({ principals: ['*/sa/sleep'] }),
    yes: [sleep, { principal: principal('x', 'sleep') }],
    no: [{}],
  },
  {
    what: 'notPrincipals',
    rule: source({ notPrincipals: ['cluster.local/ns/foo/*'] }),
    yes: [{}, { principal: principal('f', 's') }],
    no: [sleep],
  },
  {
    what: 'namespaces',
    rule: source({ namespaces: ['foo', 'b*'] }),
    yes: [sleep, { principal: principal('bar', 's') }],
    no: [{}, { principal: principal('foobar', 's') }],
  },
  {
    what: 'namespaces with a star inside',
    rule: source({ namespaces: ['f*o'] }),
    yes: [sleep],
    no: [{ principal: principal('fob', 's') }],
  },
  {
    what: 'serviceAccounts',
    rule: source({ serviceAccounts: ['foo/sleep', 'own'] }),
    yes: [sleep, { principal: principal('default', 'own') }],
    no: [{}, { principal: principal('foo', 'own') }],
  },
  {
    what: 'trustDomains',
    rule: source({ trustDomains: ['cluster.local'] }),
    yes: [sleep],
    no: [{}, { principal: principal('foo', 'sleep', 'other') }],
  },
  { what: 'notTrustDomains', rule: source({ notTrustDomains: ['*.local'] }), yes: [{}], no: [sleep] },
  {
    what: 'ipBlocks',
    rule: source({ ipBlocks: ['203.0.113.0/24', '2001:db8::/32'] }),
    yes: [{}, { sourceIp: '::ffff:203.0.113.77' }, { sourceIp: '2001:db8:1::5' }],
    no: [{ sourceIp: '203.0.114.1' }, { sourceIp: '2001:db9::1' }, { sourceIp: 'no address' }],
  },
  {
    what: 'ipBlocks, mapped',
    rule: source({ ipBlocks: ['::ffff:203.0.113.0/120'] }),
    yes: [{}],
    no: [{ sourceIp: '203.0.112.9' }],
  },
  { what: 'ipBlocks ::/0', rule: source({ ipBlocks: ['::/0'] }), yes: [{ sourceIp: '::1' }], no: [{}] },
  {
    what: 'notRemoteIpBlocks',
    rule: source({ notRemoteIpBlocks: ['198.51.100.7'] }),
    yes: [{ remoteIp: '198.51.100.8' }],
    no: [{}],
  },
  {
    what: 'requestPrincipals',
    rule: source({ requestPrincipals: ['https://idp/alice', 'me/*'] }),
    yes: [claims({}), claims({ iss: 'https://idp' })],
    no: [{}, claims({ sub: undefined }), claims({ iss: 'x' })],
  },
  {
    what: 'requestPrincipals by subject',
    rule: source({ requestPrincipals: ['*/alice'] }),
    yes: [claims({})],
    no: [claims({ sub: 'b/alice' })],
  },
  {
    what: 'notRequestPrincipals',
    rule: source({ notRequestPrincipals: ['*'] }),
    yes: [{}, claims({ sub: undefined })],
    no: [claims({})],
  },
  {
    what: 'hosts',
    rule: operation({ hosts: ['App:9080', '*.test'] }),
    yes: [{}, { host: 'A.TEST' }],
    no: [{ host: 'app' }, { host: 'a.test:80' }],
  },
  {
    what: 'methods',
    rule: operation({ methods: ['GET', 'P*'] }),
    yes: [{}, { method: 'PUT' }],
    no: [{ method: 'DELETE' }, { method: 'get' }],
  },
  { what: 'ports', rule: operation({ ports: ['9080'] }), yes: [{}], no: [{ port: 90 }] },
  {
    what: 'paths',
    rule: operation({ paths: ['/a', '/b/*', '*.png'] }),
    yes: [{ path: '/a?x=1' }, { path: '/b/' }, { path: '/x.png?' }],
    no: [{ path: '/A' }, { path: '/b' }, { path: '/a/' }, { path: '/c?/b/' }],
  },
  {
    what: 'path templates',
    rule: operation({ paths: ['/a/{*}/c', '/z/{**}'] }),
    yes: [{ path: '/a/b/c?q' }, { path: '/z/' }, { path: '/z/1/2' }],
    no: [{ path: '/a//c' }, { path: '/a/b/b/c' }, { path: '/z' }],
  },
  {
    what: 'notPaths',
    rule: operation({ paths: ['/a*'], notPaths: ['/admin*'] }),
    yes: [{ path: '/ab' }],
    no: [{ path: '/admin/x' }, { path: '/b' }],
  },
  {
    what: 'request.headers',
    rule: when('request.headers[X-Token]', { values: ['admin', 'root*'] }),
    yes: [{ headers: ['x-token', 'guest', 'X-TOKEN', 'admin'] }, { headers: ['x-token', 'rooty'] }],
    no: [{}, { headers: ['x-token', 'a,admin'] }],
  },
  {
    what: 'request.headers *',
    rule: when('request.headers[x]', { values: ['*'] }),
    yes: [{ headers: ['x', ''] }],
    no: [{ headers: ['xx', '1'] }],
  },
  {
    what: 'request.headers notValues',
    rule: when('request.headers[x]', { notValues: ['bad'] }),
    yes: [{}, { headers: ['x', 'good'] }],
    no: [{ headers: ['x', 'good', 'x', 'bad'] }],
  },
  {
    what: 'request.headers[:path]',
    rule: when('request.headers[:path]', { values: ['/a?b'] }),
    yes: [{ path: '/a?b' }],
    no: [{ path: '/a' }],
  },
  { what: 'source.ip', rule: when('source.ip', { values: ['203.0.113.9'] }), yes: [{}], no: [{ sourceIp: '203.0.113.10' }] },
  { what: 'remote.ip', rule: when('remote.ip', { values: ['198.51.100.0/24'] }), yes: [{}], no: [{ remoteIp: '198.51.101.1' }] },
  {
    what: 'destination.ip',
    rule: when('destination.ip', { values: ['10.0.0.0/8'] }),
    yes: [{}],
    no: [{ destinationIp: '11.0.0.1' }],
  },
  { what: 'destination.port', rule: when('destination.port', { notValues: ['9081'] }), yes: [{}], no: [{ port: 9081 }] },
  { what: 'source.principal', rule: when('source.principal', { values: ['cluster.local/ns/foo/sa/*'] }), yes: [sleep], no: [{}] },
  { what: 'source.namespace', rule: when('source.namespace', { values: ['foo'] }), yes: [sleep], no: [{}] },
  { what: 'source.serviceAccount', rule: when('source.serviceAccount', { notValues: ['foo/sleep'] }), yes: [{}], no: [sleep] },
  { what: 'source.trustDomain', rule: when('source.trustDomain', { values: ['*'] }), yes: [sleep], no: [{}] },
  {
    what: 'connection.sni',
    rule: when('connection.sni', { values: ['*.example.test'] }),
    yes: [{ sni: 'A.Example.test' }],
    no: [{}],
  },
  {
    what: 'request.auth.principal',
    rule: when('request.auth.principal', { values: ['me/al*'] }),
    yes: [claims({})],
    no: [claims({ sub: 'bob' })],
  },
  {
    what: 'request.auth.audiences',
    rule: when('request.auth.audiences', { values: ['a'] }),
    yes: [claims({ aud: 'a' }), claims({ aud: ['b', 'a'] })],
    no: [claims({ aud: 'b' })],
  },
  {
    what: 'request.auth.presenter',
    rule: when('request.auth.presenter', { values: ['app'] }),
    yes: [claims({ azp: 'app' })],
    no: [claims({})],
  },
  {
    what: 'request.auth.claims',
    rule: when('request.auth.claims[groups]', { values: ['g1'] }),
    yes: [claims({ groups: ['g2', 'g1'] }), claims({ groups: 'g1' })],
    no: [claims({ groups: ['g10'] }), claims({ groups: { g1: 'g1' } }), {}],
  },
  {
    what: 'nested claims',
    rule: when('request.auth.claims[a][b]', { values: ['*'] }),
    yes: [claims({ a: { b: 'x' } })],
    no: [claims({ 'a.b': 'x' }), claims({ a: { b: '' } }), claims({ a: { b: 1 } }), claims({ a: [{ b: 'x' }] })],
  },
  {
    what: 'claims named like members of every object',
    rule: when('request.auth.claims[constructor]', { notValues: ['x'] }),
    yes: [claims({})],
    no: [claims({ constructor: 'x' })],
  },
  { what: 'Envoy metadata', rule: when('experimental.envoy.filters.a.b[c]', { values: ['d'] }), yes: [], no: [{}] },
];

describe('Authorizer.decide', () => {
  for (const { what, rule, yes, no } of FIELDS) {
    it(`judges ${what}`, () => {
      for (const facts of yes) assert.equal(allows(rule, facts), true, JSON.stringify(facts));
      for (const facts of no) assert.equal(allows(rule, facts), false, JSON.stringify(facts));
    });
  }

  it('names the rule and the line of a refusal', () => {
    const decision = authorizer({ action: 'DENY', rules: [{}] }).decide(FACTS);
    assert.equal(decision.policyId, 'ns[default]-policy[p]-rule[0]');
    assert.equal(decision.origin?.line, 7);
    assert.equal(decision.details, 'rbac_access_denied_matched_policy[ns[default]-policy[p]-rule[0]]');
  });

  it('lets nobody in by a policy without rules, and everybody by an empty rule', () => {
    assert.equal(authorizer({}).decide(FACTS).allowed, false);
    assert.equal(authorizer({ rules: [{}] }).decide(FACTS).allowed, true);
  });

  it('drops an ALLOW rule with a value it cannot read, and reads a DENY rule without it', () => {
    const rule = { to: [{ operation: { ports: ['http'], methods: ['GET'] } }] };
    assert.equal(authorizer({ rules: [rule] }).decide(FACTS).allowed, false);
    assert.equal(authorizer({ action: 'DENY', rules: [rule] }).decide(FACTS).allowed, false);
    assert.equal(
      authorizer({ action: 'DENY', rules: [{ when: [{ key: 'no.such', values: ['x'] }] }] }).decide(FACTS).allowed,
      true,
    );
  });

  it('spells whole principals out in every name of the mesh’s trust domain, and cluster.local as its own', () => {
    const moved = { trustDomain: 'new-td', trustDomainAliases: ['old-td'] };
    const from = (name: string): object => source({ principals: [name] });
    for (const name of ['old-td/ns/foo/sa/sleep', 'cluster.local/ns/foo/sa/sleep', '*-td/ns/foo/sa/sleep'])
      for (const td of ['new-td', 'old-td'])
        assert.equal(allows(from(name), { principal: principal('foo', 'sleep', td) }, moved), true, name + td);
    assert.equal(allows(from('old-td/ns/foo/*'), { principal: principal('foo', 'sleep', 'new-td') }, moved), false);
    assert.equal(allows(from('x/ns/foo/sa/sleep'), { principal: principal('foo', 'sleep', 'new-td') }, moved), false);
  });

  it('names the first of several refusals by id', () => {
    const deny = (name: string): ReturnType<typeof resource> =>
      resource('AuthorizationPolicy', { action: 'DENY', rules: [{}] }, { name });
    const many = compileAuthorization(revision(deny('zz'), deny('aa')), WORKLOAD);
    assert.equal(many.decide(FACTS).policyId, 'ns[default]-policy[aa]-rule[0]');
  });

  it('keeps AUDIT and dry runs out of the answer', () => {
    const policies = compileAuthorization(
      revision(
        resource('AuthorizationPolicy', { action: 'AUDIT', rules: [{}] }, { name: 'watch' }),
        resource(
          'AuthorizationPolicy',
          { action: 'DENY', rules: [{}] },
          { name: 'd', annotations: { 'istio.io/dry-run': 'true' } },
        ),
        resource('AuthorizationPolicy', {}, { name: 'a', annotations: { 'istio.io/dry-run': 'T' } }),
      ),
      WORKLOAD,
    );
    const { allowed, auditedBy, dryRun } = policies.decide(FACTS);
    assert.deepEqual(
      { allowed, auditedBy, dryRun },
      {
        allowed: true,
        auditedBy: 'ns[default]-policy[watch]-rule[0]',
        dryRun: {
          allow: { result: 'denied', policyId: undefined },
          deny: { result: 'denied', policyId: 'ns[default]-policy[d]-rule[0]' },
        },
      },
    );
  });

  it('takes policies of its own namespace and of the root, by all labels of the selector or by its Gateway', () => {
    const denies = (spec: object, namespace = 'default', workload: object = {}): boolean => {
      const policy = resource('AuthorizationPolicy', { action: 'DENY', rules: [{}], ...spec }, { namespace });
      return !compileAuthorization(revision(policy), { ...WORKLOAD, ...workload }).decide(FACTS).allowed;
    };
    const targetRefs = [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'edge' }];
    assert.equal(denies({}), true);
    assert.equal(denies({}, 'foo'), false);
    assert.equal(denies({}, 'istio-system'), true);
    assert.equal(denies({ selector: { matchLabels: { app: 'app' } } }, 'istio-system'), true);
    assert.equal(denies({ selector: { matchLabels: { app: 'app', version: 'v2' } } }), false);
    assert.equal(denies({ targetRefs }), false);
    assert.equal(denies({ targetRefs }, 'default', { gateways: ['edge'] }), true);
    assert.equal(denies({ targetRefs }, 'istio-system', { gateways: ['edge'] }), false);
  });

  it('gives the same frozen answer each time', () => {
    const policy = authorizer({ action: 'DENY', rules: [{}] });
    assert.equal(policy.decide(FACTS), policy.decide(FACTS));
    assert.ok(Object.isFrozen(policy.decide(FACTS)));
  });
});

describe('Authorizer.decideConnection', () => {
  const connect = (spec: object): boolean => authorizer(spec).decideConnection(FACTS).allowed;

  it('drops an ALLOW rule with any field of requests', () => {
    assert.equal(connect({ rules: [{ to: [{ operation: { ports: ['9080'] } }, { operation: { methods: ['GET'] } }] }] }), false);
    assert.equal(connect({ rules: [{ to: [{ operation: { ports: ['9080'] } }] }] }), true);
  });

  it('reads a DENY rule without its fields of requests', () => {
    assert.equal(connect({ action: 'DENY', rules: [{ to: [{ operation: { paths: ['/a'] } }] }] }), false);
    assert.equal(connect({ action: 'DENY', rules: [{ to: [{ operation: { paths: ['/a'], ports: ['1'] } }] }] }), true);
    assert.equal(connect({ action: 'DENY', rules: [{ when: [{ key: 'request.headers[x]', notValues: ['1'] }] }] }), false);
  });
});

describe('Authorizer.explain', () => {
  it('tells which rule would have allowed the request, and what it lacks', () => {
    const rules = [
      { to: [{ operation: { paths: ['/a'], methods: ['PUT'] } }] },
      { to: [{ operation: { methods: ['GET'], paths: ['/b'] } }] },
    ];
    const { decision, wouldAllow } = authorizer({ rules }).explain({ ...FACTS, path: '/x' });
    assert.equal(decision.allowed, false);
    assert.deepEqual(
      wouldAllow.map(({ policyId, unmet }) => [policyId, unmet]),
      [
        ['ns[default]-policy[p]-rule[1]', ['paths: ["/b"]']],
        ['ns[default]-policy[p]-rule[0]', ['methods: ["PUT"]', 'paths: ["/a"]']],
      ],
    );
  });
});

describe('Authorizer.custom', () => {
  const extensionProviders = [{ name: 'ext', envoyExtAuthzHttp: { service: 'default/authz', port: 8000 } }];
  const spec = { action: 'CUSTOM', provider: { name: 'ext' }, rules: [{ to: [{ operation: { paths: ['/a'] } }] }] };

  it('tells whom to ask about the requests that a rule is about', () => {
    const policy = authorizer(spec, {}, { extensionProviders });
    const verdict = policy.custom({ ...FACTS, path: '/a' });
    assert.equal(verdict?.kind === 'ask' && verdict.provider.host, 'authz');
    assert.equal(policy.custom(FACTS), undefined);
  });

  it('refuses them when there is nobody to ask', () => {
    const policy = authorizer(spec);
    const verdict = policy.custom({ ...FACTS, path: '/a' });
    assert.equal(verdict?.kind, 'refused');
    assert.match(policy.problems[0] ?? '', /no provider ext in extensionProviders/);
    assert.equal(
      authorizer(spec, {}, { extensionProviders, knowsService: () => false }).custom({ ...FACTS, path: '/a' })?.kind,
      'refused',
    );
  });
});
