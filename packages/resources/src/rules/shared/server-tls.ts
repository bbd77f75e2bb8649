import type { Draft } from '../../analysis/draft.ts';
import type { ServerTlsSpec } from '../../schema/fields.ts';
import type { Report } from '../report.ts';
import { each } from './each.ts';

/** Modes that a Gateway is refused with are words of Istio's all the same. */
export type ServerTls = Draft<ServerTlsSpec>;

/** Which certificates a TLS server needs, takes, and does not take, by its mode. */
export function serverTlsRules(tls: ServerTls, at: string, report: Report): void {
  cipherRules(tls, at, report);
  if (tls.mode === 'ISTIO_MUTUAL') return meshCertificateRule(tls, at, report);
  if (isPassthrough(tls)) unusedCertificateRule(tls, at, report);
  if (sources(tls).length > 1)
    report.error(at, `only one of ${sources(tls).join(', ')} should be specified`, 'keep one source of certificates');
  if (!isTerminating(tls) || tls.credentialName || tls.credentialNames?.length) return;
  ownCertificateRules(tls, at, report);
}

/** Absent is passed through, too: it is the enumeration's first word. */
export const isPassthrough = ({ mode = 'PASSTHROUGH' }: ServerTls): boolean =>
  mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
const isTerminating = ({ mode = 'PASSTHROUGH' }: ServerTls): boolean => /^(?:SIMPLE|MUTUAL|OPTIONAL_MUTUAL)$/.test(mode);

function sources(tls: ServerTls): string[] {
  return [
    ...(tls.credentialName ? ['credentialName'] : []),
    ...(tls.credentialNames?.length ? ['credentialNames'] : []),
    ...(tls.serverCertificate && tls.privateKey ? ['serverCertificate/privateKey'] : []),
    ...(tls.tlsCertificates?.length ? ['tlsCertificates'] : []),
  ];
}

const CERTIFICATE_FIELDS = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
] as const;

function meshCertificateRule(tls: ServerTls, at: string, report: Report): void {
  for (const field of CERTIFICATE_FIELDS)
    if (tls[field]?.length)
      report.error(`${at}/${field}`, `ISTIO_MUTUAL TLS uses the mesh's own certificates: ${field} has no place there`);
}

function unusedCertificateRule(tls: ServerTls, at: string, report: Report): void {
  const field = [...CERTIFICATE_FIELDS, 'caCrl' as const].find((name) => tls[name]?.length);
  if (field)
    report.warning(`${at}/${field}`, `${tls.mode ?? 'PASSTHROUGH'} mode does not use certificates, they will be ignored`);
}

function ownCertificateRules(tls: ServerTls, at: string, report: Report): void {
  const mode = tls.mode === 'SIMPLE' ? 'SIMPLE' : 'MUTUAL';
  if (mode === 'MUTUAL' && !tls.caCertificates)
    report.error(at, 'MUTUAL TLS requires a client CA bundle', 'write caCertificates');
  if ((tls.tlsCertificates?.length ?? 0) > 2)
    report.warning(`${at}/tlsCertificates`, `${mode} TLS can support up to 2 server certificates`);
  const certificates = tls.tlsCertificates?.length ? each(tls.tlsCertificates, `${at}/tlsCertificates`) : [[tls, at] as const];
  for (const [{ serverCertificate, privateKey }, place] of certificates) {
    if (!serverCertificate)
      report.error(place, `${mode} TLS requires a server certificate`, 'write serverCertificate, or credentialName');
    if (!privateKey) report.error(place, `${mode} TLS requires a private key`, 'write privateKey, or credentialName');
  }
  if (tls.caCrl && mode === 'SIMPLE') report.error(`${at}/caCrl`, 'CRL is not supported with SIMPLE TLS');
}

/** OpenSSL's names; what begins with an operator is an expression, which nobody but OpenSSL reads. */
const CIPHERS = new Set(
  [
    'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA DES-CBC3-SHA ALL',
  ].flatMap((line) => line.split(' ')),
);
const isCipher = (name: string): boolean => name === '' || !/^[\p{L}\p{N}]/u.test(name) || CIPHERS.has(name);

function cipherRules({ minProtocolVersion, cipherSuites = [] }: ServerTls, at: string, report: Report): void {
  if ((minProtocolVersion === 'TLSV1_0' || minProtocolVersion === 'TLSV1_1') && cipherSuites.length === 0)
    report.warning(
      `${at}/minProtocolVersion`,
      'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.',
    );
  const seen = new Set<string>();
  for (const [name, place] of each(cipherSuites, `${at}/cipherSuites`)) {
    if (!isCipher(name)) report.warning(place, `cipher suite ${name} is not known and will be ignored`);
    else if (seen.has(name)) report.warning(place, `cipher suite ${name} is listed twice`);
    seen.add(name);
  }
}
