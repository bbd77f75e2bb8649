import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { type PlacedEntry, policySources, type Source } from '../policy-rules.ts';
import { namespaceMode } from '../world/mtls-mode.ts';

const LTN0138: CheckDeclaration = {
  code: 'LTN0138',
  level: 'Warning',
  title: 'A policy asks who calls where nobody proves it',
  what: 'A policy names principals, namespaces or service accounts, and the PeerAuthentication of its namespace is DISABLE.',
  why: 'Without mutual TLS no caller has an identity: ALLOW lets nobody in, DENY keeps nobody out.',
  mend: 'Set the mode to STRICT, or to PERMISSIVE while callers move.',
  example: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: DISABLE}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders}
spec:
  rules:
  - from: [{source: {principals: [cluster.local/ns/default/sa/shop]}}]`,
  kiali: ['KIA0105'],
};

const LTN0139: CheckDeclaration = {
  code: 'LTN0139',
  level: 'Warning',
  title: 'A principal that nobody is',
  what: 'A policy names a service account of a namespace whose ServiceAccounts are among the resources, and it is none of them.',
  why: 'Nobody can prove to be it: ALLOW lets nobody in, DENY keeps nobody out.',
  mend: 'Mend the name: `trust-domain/ns/namespace/sa/service-account`.',
  example: `apiVersion: v1
kind: ServiceAccount
metadata: {name: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders}
spec:
  rules:
  - from: [{source: {principals: [cluster.local/ns/default/sa/shopp]}}]`,
  kiali: ['KIA0106', 'KIA0107', 'KIA0108'],
};

/** LTN0138, LTN0139: callers that nobody can be. */
export const policySourceValues: Analyzer = {
  name: 'lateen.PolicySourcesAnalyzer',
  description: 'Policies name callers that can prove who they are',
  checks: [LTN0138, LTN0139],
  analyze: (context) =>
    policySources(context).flatMap((placed) => [...withoutProof(context, placed), ...unknownPrincipals(context, placed)]),
};

const IDENTITY_FIELDS = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
] as const;

function withoutProof(context: AnalysisContext, { policy, entry, pointer }: PlacedEntry<Source>): Finding[] {
  const field = IDENTITY_FIELDS.find((name) => entry[name]?.length);
  const { namespace } = policy.metadata;
  if (!field || namespaceMode(context, namespace) !== 'DISABLE') return [];
  const message = `${field} need mutual TLS, and the PeerAuthentication of namespace ${namespace} is DISABLE`;
  return [ownFinding(LTN0138, policy, `${pointer}/${field}`, message, 'set the mode to STRICT or PERMISSIVE')];
}

const PRINCIPAL = /^[^/*]+\/ns\/(?<namespace>[^/*]+)\/sa\/(?<name>[^/*]+)$/;

function unknownPrincipals({ of }: AnalysisContext, { policy, entry, pointer }: PlacedEntry<Source>): Finding[] {
  const accounts = of('ServiceAccount');
  return (entry.principals ?? []).flatMap((written = '', index) => {
    const { namespace, name } = PRINCIPAL.exec(written)?.groups ?? {};
    const own = accounts.filter(({ metadata }) => metadata.namespace === namespace);
    if (own.length === 0 || name === 'default' || own.some(({ metadata }) => metadata.name === name)) return [];
    const message = `namespace ${namespace} has no service account ${name}`;
    return [ownFinding(LTN0139, policy, `${pointer}/principals/${index}`, message, 'mend the name')];
  });
}
