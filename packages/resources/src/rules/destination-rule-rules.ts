import type { DestinationRuleSpec } from '../kinds/destination-rule.ts';
import type { Report } from './spec-rules.ts';

type TrafficPolicy = NonNullable<DestinationRuleSpec['trafficPolicy']>;
type PolicyBlocks = Pick<TrafficPolicy, 'tls' | 'outlierDetection'>;

/** What Istio's validation says beyond the schema. */
export function destinationRuleRules(spec: DestinationRuleSpec, report: Report): void {
  const names = new Set<string>();
  spec.subsets?.forEach(({ name, trafficPolicy }, index) => {
    if (names.has(name)) report(`/subsets/${index}`, `subset name ${name} is used twice`);
    names.add(name);
    if (trafficPolicy) policyRules(trafficPolicy, `/subsets/${index}/trafficPolicy`, report);
  });
  if (spec.trafficPolicy) policyRules(spec.trafficPolicy, '/trafficPolicy', report);
}

function policyRules(policy: TrafficPolicy, at: string, report: Report): void {
  blockRules(policy, at, report);
  policy.portLevelSettings?.forEach((settings, index) => blockRules(settings, `${at}/portLevelSettings/${index}`, report));
}

function blockRules({ tls, outlierDetection }: PolicyBlocks, at: string, report: Report): void {
  if (tls?.mode === 'MUTUAL' && (!tls.clientCertificate || !tls.privateKey)) {
    report(`${at}/tls`, 'client certificate and private key are required for mutual TLS');
  }
  if (tls?.mode === 'ISTIO_MUTUAL' && (tls.clientCertificate || tls.privateKey || tls.caCertificates)) {
    report(`${at}/tls`, "ISTIO_MUTUAL takes no certificates; they are the mesh's own");
  }
  if (outlierDetection?.consecutiveLocalOriginFailures !== undefined && !outlierDetection.splitExternalLocalOriginErrors) {
    report(
      `${at}/outlierDetection`,
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    );
  }
}
