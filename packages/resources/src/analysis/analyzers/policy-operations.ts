import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { type Operation, type PlacedEntry, policyOperations } from '../policy-rules.ts';
import { hostsOverlap } from '../world/hosts.ts';

const LTN0137: CheckDeclaration = {
  code: 'LTN0137',
  level: 'Warning',
  title: 'A method that nobody sends',
  what: 'A policy names a method that HTTP does not have; `get` is one.',
  why: 'Methods are compared with their case. ALLOW does not let the real one in, DENY does not keep it out.',
  mend: 'Write it in capitals; `--fix` does where that is the mistake.',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  rules:
  - to: [{operation: {methods: [get]}}]`,
  kiali: ['KIA0102'],
};

const LTN0143: CheckDeclaration = {
  code: 'LTN0143',
  level: 'Info',
  title: 'A host that nobody has, in a policy',
  what: 'A policy names a host of the mesh that no Service or ServiceEntry has.',
  why: 'The policy compares what callers send as Host, so any name can be right; one of the mesh that does not exist is most often a slip.',
  mend: 'Mend the name.',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders}
spec:
  rules:
  - to: [{operation: {hosts: [oders.default.svc.cluster.local]}}]`,
  kiali: ['KIA0104'],
};

/** LTN0137, LTN0143: operations that are never asked for. */
export const policyOperationValues: Analyzer = {
  name: 'lateen.PolicyOperationsAnalyzer',
  description: 'Policies name methods and hosts that exist',
  checks: [LTN0137, LTN0143],
  analyze: (context) =>
    policyOperations(context).flatMap((placed) => [...strangeMethods(placed), ...strangeHosts(context, placed)]),
};

/** RFC 9110, and what APIs beside it have; Node's own list would bring all of node:http along. */
const KNOWN_METHODS = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'],
  ...['COPY', 'LOCK', 'MKCOL', 'MOVE', 'PROPFIND', 'PROPPATCH', 'UNLOCK', 'SEARCH', 'REPORT', 'PURGE', 'LINK', 'UNLINK'],
]);

function strangeMethods({ policy, entry, pointer }: PlacedEntry<Operation>): Finding[] {
  return (['methods', 'notMethods'] as const).flatMap((field) =>
    (entry[field] ?? []).flatMap((method = '', index): Finding[] => {
      if (method.includes('*') || method.startsWith('/') || KNOWN_METHODS.has(method)) return [];
      const at = `${pointer}/${field}/${index}`;
      const right = method.toUpperCase();
      const isKnown = KNOWN_METHODS.has(right);
      const mend = isKnown ? `write ${right}` : 'write one that clients send';
      const finding = ownFinding(LTN0137, policy, at, `method ${method} never comes: methods are compared with their case`, mend);
      return [isKnown ? { ...finding, edits: [{ pointer: at, replace: 'value', by: right }] } : finding];
    }),
  );
}

function strangeHosts({ hosts, knowsAll }: AnalysisContext, { policy, entry, pointer }: PlacedEntry<Operation>): Finding[] {
  if (!knowsAll.hosts) return [];
  const known = [...hosts.all];
  return (entry.hosts ?? []).flatMap((written = '', index) => {
    const host = written.replace(/:(?:\d+|\*)$/, '');
    if (!host.endsWith('.svc.cluster.local') || known.some((one) => hostsOverlap(host, one.host))) return [];
    return [ownFinding(LTN0143, policy, `${pointer}/hosts/${index}`, `nobody in the mesh is ${host}`, 'mend the name')];
  });
}
