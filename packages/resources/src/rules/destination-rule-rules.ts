import type { DestinationRuleSpec } from '../kinds/destination-rule.ts';
import { exportToRules } from './export-to-rules.ts';
import type { Report } from './spec-rules.ts';

type TrafficPolicy = NonNullable<DestinationRuleSpec['trafficPolicy']>;
type PolicyBlocks = Pick<TrafficPolicy, 'tls' | 'outlierDetection'>;

/** What Istio's validation says beyond the schema. */
export function destinationRuleRules(spec: DestinationRuleSpec, report: Report): void {
  exportToRules(spec.exportTo, report);
  const names = new Set<string>();
  spec.subsets?.forEach(({ name, trafficPolicy }, index) => {
    if (names.has(name)) report.error(`/subsets/${index}`, `subset name ${name} is used twice`);
    names.add(name);
    if (trafficPolicy) policyRules(trafficPolicy, `/subsets/${index}/trafficPolicy`, report);
  });
  if (spec.trafficPolicy) policyRules(spec.trafficPolicy, '/trafficPolicy', report);
}

function policyRules(policy: TrafficPolicy, at: string, report: Report): void {
  tlsRules(policy, at, report);
  outlierRules(policy, at, report);
  const ports = new Set<number | undefined>();
  policy.portLevelSettings?.forEach((settings, index) => {
    const place = `${at}/portLevelSettings/${index}`;
    if (ports.has(settings.port.number))
      report.error(place, `port ${settings.port.number} has settings twice; only the first would count`);
    ports.add(settings.port.number);
    tlsRules(settings, place, report);
    outlierRules(settings, place, report);
  });
}

function tlsRules({ tls }: PolicyBlocks, at: string, report: Report): void {
  if (!tls) return;
  if (tls.mode === 'MUTUAL' && (!tls.clientCertificate || !tls.privateKey))
    report.error(`${at}/tls`, 'client certificate and private key are required for mutual TLS');
  if (tls.mode === 'ISTIO_MUTUAL' && (tls.clientCertificate || tls.privateKey || tls.caCertificates))
    report.error(`${at}/tls`, "ISTIO_MUTUAL takes no certificates; they are the mesh's own");
  if (tls.insecureSkipVerify && (tls.caCertificates || tls.subjectAltNames?.length))
    report.error(`${at}/tls`, 'cannot specify caCertificates or subjectAltNames when insecureSkipVerify is set true');
}

function outlierRules({ outlierDetection }: PolicyBlocks, at: string, report: Report): void {
  if (outlierDetection?.consecutiveLocalOriginFailures === undefined || outlierDetection.splitExternalLocalOriginErrors) return;
  report.error(
    `${at}/outlierDetection`,
    'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
  );
}
