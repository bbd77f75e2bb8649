/** One instance as `GET /v1/health/service/:name` tells it, the part that is read. */
export interface ConsulServiceEntry {
  readonly Node: { readonly Address: string };
  readonly Service: {
    readonly ID: string;
    readonly Service: string;
    /** Empty means the node's. */
    readonly Address: string;
    readonly Port: number;
    readonly Meta: Readonly<Record<string, string>> | null;
    readonly Weights?: { readonly Passing: number; readonly Warning: number };
  };
  readonly Checks: readonly { readonly Status: 'passing' | 'warning' | 'critical' | 'maintenance' }[];
}

/** Consul's own notion of usable: no check critical, the node's included; maintenance shows as a critical check. */
export function isUsable({ Checks }: ConsulServiceEntry): boolean {
  return Checks.every(({ Status }) => Status === 'passing' || Status === 'warning');
}
