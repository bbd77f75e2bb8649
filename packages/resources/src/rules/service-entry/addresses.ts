import type { Report } from '../report.ts';
import { isTcp } from '../shared/protocol.ts';
import type { ServiceEntryDraft } from './service-entry-rules.ts';

/** Blocks of addresses are no single place to look up; raw connections are known by nothing but an address. */
export function addressRule(
  { addresses = [], resolution = 'NONE', ports = [], hosts = [] }: ServiceEntryDraft,
  report: Report,
): void {
  const isDns = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  if (resolution !== 'NONE' && resolution !== 'STATIC' && addresses.some((address) => address.includes('/')))
    report.error('/addresses', 'CIDR addresses are allowed only for NONE/STATIC resolution types');
  if (resolution === 'DYNAMIC_DNS' && addresses.length > 0)
    report.error('/addresses', 'addresses cannot be set for resolution type DYNAMIC_DNS');
  if (isDns && addresses.length > 0 && hosts.length > 1 && ports.some(({ protocol }) => isTcp(protocol)))
    report.warning(
      '/addresses',
      'service entry can not have more than one host specified simultaneously with address and tcp port',
    );
  const raw =
    resolution === 'NONE' && addresses.length === 0
      ? ports.findIndex(({ protocol = '' }) => protocol === '' || protocol === 'TCP')
      : -1;
  if (raw >= 0)
    report.warning(
      `/ports/${raw}`,
      'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled',
      'write addresses, or a protocol',
    );
}
