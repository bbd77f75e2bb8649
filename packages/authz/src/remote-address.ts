import { headerValues } from '@lateen/core';
import { Address } from './match/address.ts';

/**
 * The address that `remoteIpBlocks` and `remote.ip` mean. A gateway believes the entry of `x-forwarded-for` that its trusted proxies saw,
 * counted from the end, and without trusted proxies nobody but its peer; any other process believes the last entry, as Istio's sidecars do.
 * What is no address counts as absent.
 */
export function remoteAddress(
  headers: readonly string[],
  peer: string,
  { isGateway, numTrustedProxies }: { readonly isGateway: boolean; readonly numTrustedProxies: number },
): string {
  const hops = isGateway ? numTrustedProxies : 1;
  if (hops === 0) return peer;
  const entries = headerValues(headers, 'x-forwarded-for')
    .join(',')
    .split(',')
    .map((entry) => entry.trim());
  const entry = entries.at(-hops) ?? '';
  return new Address().parse(entry) ? entry : peer;
}
