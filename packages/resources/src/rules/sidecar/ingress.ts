import type { Report } from '../report.ts';
import { connectionPoolRule } from '../shared/connection-pool.ts';
import { each } from '../shared/each.ts';
import { isHttp, isTls } from '../shared/protocol.ts';
import { serverTlsRules } from '../shared/server-tls.ts';
import { bindAddressRule, listenerPortRules, socketRule, UNIX } from './ports.ts';
import type { SidecarDraft } from './sidecar-rules.ts';

type Listener = NonNullable<SidecarDraft['ingress']>[number];

const LOCAL = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Listeners for requests: each at a port of its own, before something on this machine. */
export function ingressRules({ ingress }: SidecarDraft, report: Report): void {
  const ports = new Set<number>();
  for (const [listener, at] of each(ingress, '/ingress')) {
    const { port, bind = '' } = listener;
    if (!port) continue;
    const { number = 0 } = port;
    listenerPortRules(port, `${at}/port`, report);
    if (number === 0) report.error(`${at}/port`, 'port number 0 must be in the range 1..65535');
    if (ports.has(number)) report.error(`${at}/port`, 'sidecar: ports on IP bound listeners must be unique');
    ports.add(number);
    bindAddressRule(bind, `${at}/bind`, report);
    endpointRule(listener, at, report);
    tlsRule(listener, at, report);
    poolRule(listener, at, report);
  }
}

function endpointRule({ defaultEndpoint = '' }: Listener, at: string, report: Report): void {
  const here = `${at}/defaultEndpoint`;
  if (defaultEndpoint === '') return;
  if (defaultEndpoint.startsWith(UNIX)) return socketRule(defaultEndpoint.slice(UNIX.length), here, report);
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(.*)$/.exec(defaultEndpoint) ?? [];
  if (!LOCAL.has(bracketed ?? plain ?? 'no host'))
    report.error(
      here,
      'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
    );
  else if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    report.error(here, `sidecar: defaultEndpoint port (${port}) is not a port`);
}

function tlsRule({ port, tls }: Listener, at: string, report: Report): void {
  if (!tls) return;
  const here = `${at}/tls`;
  for (const field of ['subjectAltNames', 'credentialNames', 'tlsCertificates'] as const)
    if (tls[field]?.length) report.error(`${here}/${field}`, `sidecar: ${field} is not supported in ingress tls`);
  for (const field of ['httpsRedirect', 'credentialName'] as const)
    if (tls[field]) report.error(`${here}/${field}`, `sidecar: ${field} is not supported`);
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH')
    report.error(`${here}/mode`, `configuration is invalid: cannot set mode to ${tls.mode} in sidecar ingress tls`);
  if (!isTls(port?.protocol)) report.error(here, 'server cannot have TLS settings for non HTTPS/TLS ports');
  serverTlsRules(tls, here, report);
}

function poolRule({ port, connectionPool }: Listener, at: string, report: Report): void {
  connectionPoolRule(connectionPool, `${at}/connectionPool`, report);
  if (connectionPool?.http && !isHttp(port?.protocol))
    report.warning(
      `${at}/connectionPool/http`,
      `sidecar: HTTP connection pool settings are configured for port ${port?.number} but its protocol is not HTTP; only TCP settings will apply`,
    );
}
