import { UsageError } from './io.ts';

const KINDS = ['VirtualService', 'DestinationRule', 'ServiceEntry', 'WorkloadEntry', 'Gateway', 'PeerAuthentication'] as const;
const SHORT: Readonly<Record<string, (typeof KINDS)[number]>> = {
  vs: 'VirtualService',
  dr: 'DestinationRule',
  se: 'ServiceEntry',
  we: 'WorkloadEntry',
  gw: 'Gateway',
  pa: 'PeerAuthentication',
};

/** `vs`, `virtualservice`, `VirtualServices` → `VirtualService`. */
export function kindNamed(word: string): string {
  const lower = word.toLowerCase();
  const kind =
    (Object.hasOwn(SHORT, lower) ? SHORT[lower] : undefined) ??
    KINDS.find((known) => known.toLowerCase() === lower || pluralOf(known) === lower);
  if (!kind) throw new UsageError(`${word} is no kind that Lateen has; write one of ${KINDS.join(', ')}`);
  return kind;
}

/** `VirtualService` → `virtualservice.networking.istio.io`, as kubectl names a kind when it reports. */
export function qualifiedKind(kind: string): string {
  return `${kind.toLowerCase()}.${kind === 'PeerAuthentication' ? 'security' : 'networking'}.istio.io`;
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
