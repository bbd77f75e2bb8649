import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { ServiceEntryDraft } from './service-entry-rules.ts';

const LOOKED_UP_BY_HOST = new Set(['HTTP', 'HTTP2', 'GRPC', 'TLS']);

/** Ports have names and numbers of their own. */
export function portRule({ ports, resolution }: ServiceEntryDraft, report: Report): void {
  const names = new Set<string | undefined>();
  const numbers = new Set<number | undefined>();
  for (const [{ name, number, protocol = '' }, at] of each(ports, '/ports')) {
    if (name !== undefined && names.has(name)) report.error(at, `service entry port name "${name}" already defined`);
    if (number !== undefined && numbers.has(number)) report.error(at, `service entry port ${number} already defined`);
    names.add(name);
    numbers.add(number);
    if (resolution === 'DYNAMIC_DNS' && !LOOKED_UP_BY_HOST.has(protocol.toUpperCase()))
      report.error(at, 'only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS');
  }
}
