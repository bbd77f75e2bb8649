import { isIP } from 'node:net';
import { isSocketPath, LABEL } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import { isHttp, isTcp } from '../shared/protocol.ts';
import type { SidecarDraft } from './sidecar-rules.ts';

type Port = NonNullable<NonNullable<NonNullable<SidecarDraft['egress']>[number]>['port']>;

export const UNIX = 'unix://';

/** What holds for the port of any listener. */
export function listenerPortRules(port: Port, at: string, report: Report): void {
  const { name, protocol = '', targetPort = 0, number = 0 } = port;
  if (name && !LABEL.test(name)) report.error(`${at}/name`, `invalid port name: ${name}`);
  if (protocol && !isHttp(protocol) && !isTcp(protocol) && protocol.toUpperCase() !== 'UDP')
    report.error(`${at}/protocol`, `unsupported protocol: ${protocol}`, 'write HTTP, HTTPS, GRPC or TCP');
  if (number > 65_535) report.error(`${at}/number`, `port number ${number} must be in the range 1..65535`);
  if (targetPort > 0) report.error(`${at}/targetPort`, 'targetPort has no impact on Sidecars', 'leave it out');
}

export function bindAddressRule(bind: string, at: string, report: Report): void {
  if (bind !== '' && isIP(bind) === 0) report.error(at, `${bind} is not a valid IP`);
}

/** @param text behind `unix://` */
export function socketRule(text: string, at: string, report: Report): void {
  if (!isSocketPath(text)) report.error(at, `${text} is not an absolute path to a file`);
}
