import type { Finding } from '../../finding.ts';
import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';
import { EVERY_NAMESPACE, exportScopes } from '../world/export-scopes.ts';

type Entry = DraftResource<'ServiceEntry'>;
interface Claim {
  readonly entry: Entry;
  readonly protocol: string;
}

/** IST0177: ServiceEntries that somebody sees together say that one port of one host speaks different protocols. */
export const conflictingServiceEntries: Analyzer = {
  name: 'serviceentry.ConflictingServiceEntryProtocolAnalyzer',
  description: 'ServiceEntries agree on the protocol of a port',
  analyze({ of }) {
    const claims = new Map<string, Claim[]>();
    for (const entry of of('ServiceEntry')) for (const place of claimedPlaces(entry)) claim(claims, place.key, place.claim);
    const reported = new Map<Entry, Finding>();
    for (const [key, own] of claims) {
      const [scope, host, port] = JSON.parse(key) as [string, string, number];
      const all = scope === EVERY_NAMESPACE ? own : [...own, ...(claims.get(placeKey(EVERY_NAMESPACE, host, port)) ?? [])];
      const protocols = new Set(all.map(({ protocol }) => protocol));
      if (protocols.size < 2) continue;
      const names = [...new Set(all.map(({ entry }) => fullName(entry)))].sort().join(', ');
      const message =
        `Multiple ServiceEntries (${names}) define the same host "${host}" and port ${port} ` +
        `with conflicting protocols (${[...protocols].sort().join(', ')}).`;
      for (const { entry } of all)
        if (!reported.has(entry)) reported.set(entry, valueFinding('IST0177', entry, '/metadata/name', message));
    }
    return [...reported.values()];
  },
};

function claim(claims: Map<string, Claim[]>, key: string, one: Claim): void {
  const known = claims.get(key);
  if (known) known.push(one);
  else claims.set(key, [one]);
}

const placeKey = (scope: string, host: string, port: number): string => JSON.stringify([scope, host, port]);

function claimedPlaces(entry: Entry) {
  const { hosts = [], ports = [], exportTo } = entry.spec;
  return exportScopes(exportTo as readonly string[] | undefined, entry.metadata.namespace).flatMap((scope) =>
    hosts.flatMap((host) =>
      ports.map(({ number = 0, protocol = '' }) => ({
        key: placeKey(scope, host ?? '', number),
        claim: { entry, protocol: protocol.toUpperCase() },
      })),
    ),
  );
}
