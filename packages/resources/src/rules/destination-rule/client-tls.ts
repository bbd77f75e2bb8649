import { FIELD_WITHOUT_EFFECT, UNVERIFIED_PEER } from '../checks.ts';
import type { About, Report } from '../report.ts';
import type { PolicyBlocks } from './destination-rule-rules.ts';

type Tls = NonNullable<PolicyBlocks['tls']>;

const FILES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const;

/** Which certificates a client needs and takes, by its mode. */
export function clientTlsRule({ tls }: PolicyBlocks, at: string, { namespace }: About, report: Report): void {
  if (!tls) return;
  const here = `${at}/tls`;
  configMapRule(tls, namespace, here, report);
  skipVerifyRule(tls, here, report);
  if ((tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL') && tls.credentialName) {
    if (FILES.some((field) => tls[field]))
      report.error(here, 'cannot specify client certificates or CA certificate or CA CRL If credentialName is set');
  } else if (tls.mode === 'MUTUAL') {
    if (!tls.clientCertificate) report.error(here, 'client certificate required for mutual tls', 'write clientCertificate');
    if (!tls.privateKey) report.error(here, 'private key required for mutual tls', 'write privateKey');
  }
  unusedFileRule(tls, here, report);
}

function configMapRule({ credentialName = '' }: Tls, namespace: string, at: string, report: Report): void {
  const [, path] = /^configmap:\/\/(.*)$/.exec(credentialName) ?? [];
  if (path === undefined) return;
  const [folder = '', name] = path.split('/');
  if (!folder || !name)
    report.error(`${at}/credentialName`, 'invalid configmap:// credentialName: write configmap://namespace/name');
  else if (folder !== namespace)
    report.error(
      `${at}/credentialName`,
      `invalid configmap:// credentialName: namespace must match the configuration namespace "${namespace}"`,
    );
}

function skipVerifyRule(tls: Tls, at: string, report: Report): void {
  if (!tls.insecureSkipVerify || (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL')) return;
  const checked = ['caCertificates', 'subjectAltNames', ...(tls.mode === 'SIMPLE' ? ['credentialName' as const] : [])] as const;
  const field = checked.find((name) => tls[name]?.length);
  if (field) report.error(`${at}/${field}`, `cannot specify ${field} when insecureSkipVerify is set true`);
  else
    report.own(
      UNVERIFIED_PEER,
      `${at}/insecureSkipVerify`,
      'insecureSkipVerify takes any certificate',
      'write caCertificates instead',
    );
}

/** Whoever wrote a certificate believes that it is in use. */
function unusedFileRule(tls: Tls, at: string, report: Report): void {
  const { mode = 'DISABLE' } = tls;
  if (mode !== 'DISABLE' && mode !== 'ISTIO_MUTUAL') return;
  const field = FILES.find((name) => tls[name]);
  if (field)
    report.own(
      FIELD_WITHOUT_EFFECT,
      `${at}/${field}`,
      `with mode ${mode} nobody looks at ${field}`,
      'write mode: SIMPLE or MUTUAL',
    );
}
