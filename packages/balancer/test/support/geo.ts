import type { Endpoint } from '@lateen/core';
import { LoadTable } from '../../src/load-table.ts';

/** An endpoint somewhere. */
export function endpointAt(locality: string, address = locality, labels: Readonly<Record<string, string>> = {}): Endpoint {
  return {
    key: address,
    address,
    port: 80,
    labels,
    weight: 1,
    locality,
    tls: 'none',
    protocols: ['http/1.1'],
    workload: '',
    namespace: 'default',
    serviceAccount: '',
  };
}

export function tableOf(
  endpoints: readonly Endpoint[],
  weights: readonly number[] = [],
): { table: LoadTable; slots: Int32Array } {
  const table = new LoadTable();
  const slots = Int32Array.from(endpoints, (endpoint, index) => table.acquire(weights[index] ?? 1, endpoint));
  return { table, slots };
}
