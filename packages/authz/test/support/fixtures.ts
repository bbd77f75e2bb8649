import type { Principal } from '@lateen/core';
import { type Authorizer, type CustomOptions, compileAuthorization, type PolicyWorkload, type RequestFacts } from '@lateen/authz';
import { EMPTY_REVISION, parseResources, type Resource, type Revision } from '@lateen/resources';

export const WORKLOAD: PolicyWorkload = {
  namespace: 'default',
  labels: { app: 'app', version: 'v1' },
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  rootNamespace: 'istio-system',
};

export const FACTS: RequestFacts = {
  principal: undefined,
  sourceIp: '203.0.113.9',
  remoteIp: '198.51.100.7',
  destinationIp: '10.0.0.5',
  port: 9080,
  sni: '',
  method: 'GET',
  path: '/',
  host: 'app:9080',
  scheme: 'http',
  headers: [],
  claims: undefined,
};

export function principal(namespace: string, serviceAccount: string, trustDomain = 'cluster.local'): Principal {
  const id = `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  return { id, trustDomain, namespace, serviceAccount, labels: undefined, authority: '', notAfter: Number.POSITIVE_INFINITY };
}

interface PolicyParts {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
}

export function resource(kind: string, spec: object, parts: PolicyParts = {}): Resource {
  const { name = 'p', namespace = 'default', annotations = {}, creationTimestamp } = parts;
  const metadata = { name, namespace, labels: {}, annotations, ...(creationTimestamp !== undefined && { creationTimestamp }) };
  return {
    ...{ apiVersion: 'security.istio.io/v1', kind, metadata, spec },
    origin: { kind, namespace, name, file: 'policies.yaml', line: 1 },
    lines: { '/spec/rules/0': 7 },
  };
}

export function revision(...resources: readonly Resource[]): Revision {
  return { ...EMPTY_REVISION, resources };
}

/** An authorizer of one policy. */
export function authorizer(spec: object, workload: Partial<PolicyWorkload> = {}, options: CustomOptions = {}): Authorizer {
  return compileAuthorization(revision(resource('AuthorizationPolicy', spec)), { ...WORKLOAD, ...workload }, options);
}

/** Whether one rule of an ALLOW policy lets a request in. */
export function allows(rule: object, facts: Partial<RequestFacts>, workload: Partial<PolicyWorkload> = {}): boolean {
  return authorizer({ rules: [rule] }, workload).decide({ ...FACTS, ...facts }).allowed;
}

export function fromYaml(text: string): Revision {
  return revision(...parseResources(text, { file: 'policies.yaml', defaultNamespace: 'default', refusals: 'Info' }).resources);
}
