import { X509Certificate } from 'node:crypto';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { referenceName } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';
import { selects } from '../world/labels.ts';

/** IST0101: the Secret with a gateway's certificate is not where its workload runs. IST0161: it is, and holds no certificate. */
export const gatewayCredential: Analyzer = {
  name: 'gateway.SecretAnalyzer',
  description: 'Secrets that Gateways name hold certificates',
  analyze: (context) =>
    context.knowsAll.secrets ? context.of('Gateway').flatMap((gateway) => credentialProblems(context, gateway)) : [],
};

function credentialProblems(context: AnalysisContext, gateway: DraftResource<'Gateway'>) {
  const selected = context.workloads.filter(({ labels }) => selects(gateway.spec.selector ?? {}, labels));
  const namespaces = [...new Set(selected.map(({ namespace }) => namespace))];
  if (namespaces.length === 0) return [];
  return (gateway.spec.servers ?? []).flatMap(({ tls }, index) => {
    const name = tls?.credentialName;
    if (!name) return [];
    const pointer = `/spec/servers/${index}/tls/credentialName`;
    const secrets = namespaces.flatMap((namespace) => secretNamed(context, referenceName(name, namespace)) ?? []);
    if (secrets.length === 0)
      return [valueFinding('IST0101', gateway, pointer, `Referenced credentialName not found: "${name}"`)];
    if (secrets.some(holdsCertificate)) return [];
    const message =
      `The credential referenced by the Gateway ${gateway.metadata.name} in namespace ${namespaces[0]} is invalid, ` +
      'which can cause the traffic not to work as expected.';
    return [valueFinding('IST0161', gateway, pointer, message)];
  });
}

function secretNamed({ of }: AnalysisContext, name: string): DraftResource<'Secret'> | undefined {
  return of('Secret').find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === name || metadata.name === name);
}

/** A certificate and a key under one of the names that Istio reads. What they are is never told. */
function holdsCertificate({ spec: { data = {}, stringData = {} } }: DraftResource<'Secret'>): boolean {
  return NAMES.some(([certificate, key]) => {
    const read = (name: string): string => stringData[name] ?? Buffer.from(data[name] ?? '', 'base64').toString('utf8');
    return read(key) !== '' && isCertificate(read(certificate));
  });
}

const NAMES = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
] as const;

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
