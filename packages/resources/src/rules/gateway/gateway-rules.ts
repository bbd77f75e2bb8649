import type { Draft } from '../../analysis/draft.ts';
import type { GatewaySpec } from '../../kinds/index.ts';
import { isSocketPath, LABEL } from '../../schema/host-formats.ts';
import { PASSTHROUGH_BY_DEFAULT } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { isHttp, isTls } from '../shared/protocol.ts';
import { isPassthrough, serverTlsRules } from '../shared/server-tls.ts';
import { isIP } from 'node:net';

type Server = NonNullable<Draft<GatewaySpec>['servers']>[number];

const UNIX = 'unix://';

/** What Istio's validation says of a Gateway beyond the schema, and what it had better said. */
export function gatewayRules({ servers }: Draft<GatewaySpec>, { name }: About, report: Report): void {
  if (!LABEL.test(name)) report.nameError(`invalid gateway name: "${name}"`, 'write letters, digits and dashes, no dots');
  const names = new Set<string>();
  for (const [server, at] of each(servers, '/servers')) {
    portRule(server, at, report);
    bindRule(server, at, report);
    tlsRule(server, at, report);
    const portName = server.port?.name ?? '';
    if (portName && names.has(portName))
      report.error(`${at}/port/name`, `port names in servers must be unique: duplicate name ${portName}`);
    names.add(portName);
  }
}

function portRule({ port, bind = '' }: Server, at: string, report: Report): void {
  if (port?.number === 0 && !bind.startsWith(UNIX))
    report.error(`${at}/port/number`, 'port number 0 must be in the range 1..65535');
  if ((port?.targetPort ?? 0) > 0) report.error(`${at}/port/targetPort`, 'targetPort has no impact on Gateways', 'leave it out');
}

function bindRule({ port, bind = '' }: Server, at: string, report: Report): void {
  if (bind.startsWith(UNIX)) {
    if (!isSocketPath(bind.slice(UNIX.length))) report.error(`${at}/bind`, `${bind} is not an absolute path to a file`);
    if (port?.number) report.error(`${at}/port/number`, 'port number must be 0 for unix domain socket');
  } else if (bind !== '' && isIP(bind) === 0) {
    report.error(`${at}/bind`, `${bind} is not a valid IP`);
  }
}

function tlsRule({ port, tls }: Server, at: string, report: Report): void {
  const protocol = port?.protocol ?? '';
  const here = `${at}/tls`;
  if (tls) serverTlsRules(tls, here, report);
  if (isTls(protocol)) {
    if (!tls) report.error(at, 'server must have TLS settings for HTTPS/TLS protocols', 'write tls');
    else if (protocol.toUpperCase() === 'HTTPS' && tls.mode === undefined)
      report.own(
        PASSTHROUGH_BY_DEFAULT,
        here,
        'a tls block without mode is PASSTHROUGH: TLS does not end here',
        'write mode: SIMPLE',
      );
  } else if (tls && !isHttp(protocol)) {
    if (protocol) report.error(here, 'server cannot have TLS settings for non HTTPS/TLS ports');
    if (tls.httpsRedirect) report.warning(`${here}/httpsRedirect`, 'tls.httpsRedirect should only be used with http servers');
  } else if (tls && (!isPassthrough(tls) || tls.caCertificates || tls.privateKey || tls.serverCertificate)) {
    report.error(
      here,
      'server cannot have TLS settings for plain text HTTP ports',
      'write protocol: HTTPS, or httpsRedirect alone',
    );
  }
  if (tls?.httpsRedirect && isTls(protocol))
    report.warning(`${here}/httpsRedirect`, 'tls.httpsRedirect should only be used with http servers');
}
