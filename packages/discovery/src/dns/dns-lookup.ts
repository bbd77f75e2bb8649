import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

export interface DnsAddress {
  readonly address: string;
  /** How long the answer may be kept. */
  readonly ttlSeconds: number;
}

/** Resolves a name. Rejects when there is no answer, with `code` `ENOTFOUND` or `ENODATA` when the answer is that there is none. */
export type DnsLookup = (name: string) => Promise<readonly DnsAddress[]>;

/** What the system's resolver says carries no lifetime. */
const SYSTEM_TTL_SECONDS = 5;

/**
 * Asks DNS, for its lifetimes; where it knows nothing, the system, which also reads the hosts file and completes search domains.
 * IPv4 where there is any: an IPv6 address says nothing about whether this machine can get there.
 */
export function dnsLookup(): DnsLookup {
  let resolver: Resolver | undefined;
  return async (name) => {
    if (isOwnMachine(name)) return fromSystem(name);
    resolver ??= new Resolver({ timeout: 2_000, tries: 2 });
    const ipv4 = await resolver.resolve4(name, { ttl: true }).catch(() => []);
    const answers = ipv4.length > 0 ? ipv4 : await resolver.resolve6(name, { ttl: true }).catch(() => []);
    if (answers.length > 0) return answers.map(({ address, ttl }) => ({ address, ttlSeconds: ttl }));
    return fromSystem(name);
  };
}

/** Names that no DNS server is to be asked for: RFC 6761, 6.3. */
function isOwnMachine(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

async function fromSystem(name: string): Promise<readonly DnsAddress[]> {
  const found = (await lookup(name, { all: true })).map(({ address }) => address);
  const ipv4 = found.filter((address) => isIPv4(address));
  return (ipv4.length > 0 ? ipv4 : found).map((address) => ({ address, ttlSeconds: SYSTEM_TTL_SECONDS }));
}
