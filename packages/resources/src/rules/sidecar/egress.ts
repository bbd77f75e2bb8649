import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { bindAddressRule, listenerPortRules, socketRule, UNIX } from './ports.ts';
import type { SidecarDraft } from './sidecar-rules.ts';

type Listener = NonNullable<SidecarDraft['egress']>[number];

/** Listeners for calls: each at a place of its own, the one for all the rest at the end, and no host twice. */
export function egressRules({ egress = [] }: SidecarDraft, { namespace }: About, report: Report): void {
  const places = new Set<number | string>();
  for (const [listener, at, index] of each(egress, '/egress')) {
    if (listener.port) placeRules(listener, at, places, report);
    else if (index < egress.length - 1)
      report.error(at, 'sidecar: the egress listener with empty port should be the last listener in the list');
    repeatedHosts(listener, namespace, at, report);
  }
}

function placeRules(
  { port = {}, bind = '', captureMode = 'DEFAULT' }: Listener,
  at: string,
  places: Set<number | string>,
  report: Report,
): void {
  listenerPortRules(port, `${at}/port`, report);
  const { number = 0 } = port;
  if (places.has(number || bind))
    report.error(
      at,
      number
        ? 'sidecar: ports on IP bound listeners must be unique'
        : 'sidecar: unix domain socket values for listeners must be unique',
    );
  places.add(number || bind);
  if (number) return bindAddressRule(bind, `${at}/bind`, report);
  if (!bind.startsWith(UNIX))
    report.error(`${at}/port`, 'sidecar: ports with 0 value must have a unix domain socket bind address');
  else socketRule(bind.slice(UNIX.length), `${at}/bind`, report);
  if (captureMode === 'IPTABLES')
    report.error(`${at}/captureMode`, 'sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners');
}

function repeatedHosts({ hosts = [] }: Listener, own: string, at: string, report: Report): void {
  const seen = new Map<string, Set<string>>();
  for (const [entry, place] of each(hosts, `${at}/hosts`)) {
    const slash = entry.indexOf('/');
    if (slash < 0 || entry.startsWith('~')) continue;
    const namespace = entry.slice(0, slash) === '.' ? own : entry.slice(0, slash);
    const host = entry.slice(slash + 1);
    const known = seen.get(namespace) ?? new Set();
    if (host === '*' ? known.size > 0 : known.has(host) || known.has('*'))
      report.warning(place, `duplicated egress host: ${entry}`);
    seen.set(namespace, known.add(host));
  }
  if (seen.get('*')?.has('*') && seen.size > 1)
    report.warning(`${at}/hosts`, '`*/*` host select all resources, no other hosts can be added');
}
