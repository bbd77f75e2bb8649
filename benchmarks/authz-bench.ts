// node --conditions=@lateen/source benchmarks/authz-bench.ts: what a decision costs, in ns, medians of slices.
import { type Authorizer, compileAuthorization, type PolicyWorkload, type RequestFacts } from '@lateen/authz';
import { EMPTY_REVISION, type Resource, type Revision } from '@lateen/resources';

const WORKLOAD: PolicyWorkload = {
  namespace: 'default',
  labels: { app: 'app' },
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  rootNamespace: 'istio-system',
};
const POLICIES = 100;
const RULES = 10;
const SLICES = 31;
const SLICE = 20_000;

const principal = {
  id: 'spiffe://cluster.local/ns/foo/sa/sleep',
  trustDomain: 'cluster.local',
  namespace: 'foo',
  serviceAccount: 'sleep',
  labels: undefined,
  authority: '',
  notAfter: 0,
};
const FACTS: RequestFacts = {
  principal,
  sourceIp: '203.0.113.9',
  remoteIp: '203.0.113.9',
  destinationIp: '127.0.0.1',
  port: 9080,
  sni: '',
  method: 'GET',
  path: '/api/v1/products/7/reviews',
  host: 'reviews:9080',
  scheme: 'http',
  headers: [
    'host',
    'reviews:9080',
    'user-agent',
    'node',
    'accept',
    '*/*',
    'x-request-id',
    '1',
    'x-tenant',
    't7',
    'cookie',
    'a=b',
  ],
  claims: { iss: 'issuer', sub: 'alice', groups: ['a', 'b'] },
};

type MakeRule = (policy: number, rule: number) => object;

/** What all rules of a set look like; none of them matches, so that nothing ends a decision early. */
const KINDS: Readonly<Record<string, MakeRule>> = {
  'exact paths': (p, r) => ({ to: [{ operation: { paths: [`/p${p}/r${r}`], methods: ['GET'] } }] }),
  'path prefixes': (p, r) => ({ to: [{ operation: { paths: [`/api/v1/p${p}/r${r}/*`] } }] }),
  'path suffixes': (p, r) => ({ to: [{ operation: { paths: [`*/p${p}/r${r}`] } }] }),
  'path templates': (p, r) => ({ to: [{ operation: { paths: [`/api/v1/p${p}/{*}/r${r}`] } }] }),
  principals: (p, r) => ({ from: [{ source: { principals: [`cluster.local/ns/ns${p}/sa/sa${r}`] } }] }),
  'one principal, many paths': (p, r) => ({
    from: [{ source: { principals: ['cluster.local/ns/foo/sa/sleep'] } }],
    to: [{ operation: { methods: ['GET'], paths: [`/api/v1/p${p}/r${r}*`] } }],
  }),
  headers: (p, r) => ({ when: [{ key: 'request.headers[x-tenant]', values: [`t${p}-${r}`] }] }),
  claims: (p, r) => ({ when: [{ key: 'request.auth.claims[groups]', values: [`g${p}-${r}`] }] }),
  'request principals': (p, r) => ({ from: [{ source: { requestPrincipals: [`issuer/u${p}-${r}`] } }] }),
  addresses: (p, r) => ({ from: [{ source: { ipBlocks: [`10.${p}.${r}.0/24`] } }] }),
  mixed: (p, r) => Object.values(KINDS)[(p * RULES + r) % 9]?.(p, r) ?? {},
};

function authorizerOf(action: string, policies: number, rule: MakeRule): Authorizer {
  const resources = Array.from({ length: policies }, (_, p): Resource => {
    const metadata = { name: `p${p}`, namespace: 'default', labels: {}, annotations: {} };
    const spec = { action, rules: Array.from({ length: RULES }, (_unused, r) => rule(p, r)) };
    const origin = { kind: 'AuthorizationPolicy', namespace: 'default', name: `p${p}`, file: '', line: 0 };
    return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec, origin, lines: {} };
  });
  const revision: Revision = { ...EMPTY_REVISION, resources };
  return compileAuthorization(revision, WORKLOAD);
}

function nsPerDecision(authorizer: Authorizer): number {
  const costs = Array.from({ length: SLICES }, () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < SLICE; i++) if (authorizer.decide(FACTS).policyId !== undefined) throw new Error('a rule matched');
    return Number(process.hrtime.bigint() - start) / SLICE;
  });
  return costs.sort((a, b) => a - b)[SLICES >> 1] ?? 0;
}

function heapPerDecision(authorizer: Authorizer): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < SLICE; i++) authorizer.decide(FACTS);
  return (process.memoryUsage().heapUsed - before) / SLICE;
}

const none = authorizerOf('DENY', 0, () => ({}));
console.log(`no policy: ${nsPerDecision(none).toFixed(0)} ns`);
for (const [name, rule] of Object.entries(KINDS)) {
  const authorizer = authorizerOf('DENY', POLICIES, rule);
  const ns = nsPerDecision(authorizer);
  console.log(`${POLICIES} × ${RULES}, ${name}: ${ns.toFixed(0)} ns, ${heapPerDecision(authorizer).toFixed(1)} bytes`);
}
