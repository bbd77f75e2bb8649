import type { AddressInfo } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** What peers dial. */
export interface AdvertisedAddress {
  readonly address: string;
  readonly port: number;
}

const WILDCARDS = new Set(['::', '0.0.0.0', '']);

/**
 * The `advertise` option where it is set (`host`, `host:port`, `[v6]:port`), else the bound address, else, when bound to all,
 * the first address that is not internal, else loopback.
 */
export function advertisedAddress(
  bound: AddressInfo,
  advertise: string | undefined,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): AdvertisedAddress {
  if (advertise) return parseAdvertise(advertise, bound.port);
  if (!WILDCARDS.has(bound.address)) return { address: bound.address, port: bound.port };
  return { address: firstExternal(interfaces) ?? '127.0.0.1', port: bound.port };
}

function parseAdvertise(text: string, boundPort: number): AdvertisedAddress {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { address: bracketed[1] as string, port: Number(bracketed[2] ?? boundPort) };
  const colons = text.split(':').length - 1;
  if (colons !== 1) return { address: text, port: boundPort };
  const [address, port] = text.split(':') as [string, string];
  return { address, port: Number(port) };
}

function firstExternal(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string | undefined {
  const external = Object.values(interfaces).flatMap((list) => (list ?? []).filter((entry) => !entry.internal));
  return (external.find((entry) => entry.family === 'IPv4') ?? external.find((entry) => !entry.address.startsWith('fe80')))
    ?.address;
}
