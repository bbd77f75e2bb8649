import { isIP } from 'node:net';
import { isDomain } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import type { TrafficPolicy } from './destination-rule-rules.ts';

/** A tunnel has two ends, and no PROXY header before it. */
export function tunnelRule({ tunnel, proxyProtocol }: TrafficPolicy, at: string, report: Report): void {
  if (!tunnel) return;
  if (proxyProtocol) return report.error(at, 'tunnel and proxyProtocol must not be set together');
  const { protocol, targetHost = '', targetPort = 0 } = tunnel;
  if (protocol && protocol !== 'CONNECT' && protocol !== 'POST')
    report.error(`${at}/tunnel/protocol`, 'tunnel protocol must be "CONNECT" or "POST"');
  if (!isDomain(targetHost) && isIP(targetHost) === 0)
    report.error(`${at}/tunnel/targetHost`, 'tunnel target host must be valid FQDN or IP address');
  if (targetPort < 1 || targetPort > 65_535)
    report.error(`${at}/tunnel/targetPort`, `tunnel target port is invalid: ${targetPort}`);
}
