import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName, listText } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';
import { isPartOf } from '../world/labels.ts';

type GatewayDraft = DraftResource<'Gateway'>;
type ServerTls = NonNullable<NonNullable<GatewayDraft['spec']['servers']>[number]['tls']>;

/** IST0138: two Gateways show one certificate; clients that use one HTTP/2 connection for both hosts get a 404 from the wrong one. */
export const gatewayCertificate: Analyzer = {
  name: 'gateway.CertificateAnalyzer',
  description: 'No two Gateways show one certificate',
  analyze: ({ of }) =>
    of('Gateway').flatMap((gateway) =>
      of('Gateway').flatMap((other) => {
        if (other === gateway || !isPartOf(gateway.spec.selector ?? {}, other.spec.selector ?? {})) return [];
        if (!tlsOf(gateway).some((own) => tlsOf(other).some((foreign) => isSameCertificate(own, foreign)))) return [];
        const names = listText([fullName(gateway), fullName(other)]);
        const message = `Duplicate certificate in multiple gateways ${names} may cause 404s if clients re-use HTTP2 connections.`;
        return [valueFinding('IST0138', gateway, '/metadata/name', message)];
      }),
    ),
};

const tlsOf = ({ spec }: GatewayDraft): ServerTls[] => (spec.servers ?? []).flatMap(({ tls }) => tls ?? []);

function isSameCertificate(own: ServerTls, other: ServerTls): boolean {
  if (own.credentialName || other.credentialName) return own.credentialName === other.credentialName;
  const isSameFile = Boolean(own.serverCertificate) && own.serverCertificate === other.serverCertificate;
  return isSameFile && Boolean(own.privateKey) && own.privateKey === other.privateKey;
}
