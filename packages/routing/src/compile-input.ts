import type { ServiceDescription } from '@lateen/discovery';
import type { Revision } from '@lateen/resources';
import type { DefaultsProfile } from './defaults.ts';
import type { MeshConfig } from './mesh-config.ts';

/** Everything a route table is made from. The same input gives an equal table. */
export interface CompileInput {
  readonly revision: Revision;
  /** All services known now, ServiceEntries included; order does not matter. */
  readonly services: readonly ServiceDescription[];
  /** Who calls: short names, `exportTo`, `sourceLabels` and the choice of DestinationRules depend on it. */
  readonly self: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    /** `region/zone/subzone`; empty or absent when unknown. */
    readonly locality?: string;
  };
  /** `['mesh']`, or the Gateways served on one port: `['default/bookinfo-gateway']`. */
  readonly gateways: readonly string[];
  /** With Gateways: the server port the table is for (`servers[].port.number`). Unused with `['mesh']`. */
  readonly gatewayPort?: number;
  /** With Gateways: the one server whose hosts count, `istio-system/edge#1`. Default: all on the port. */
  readonly gatewayServer?: string;
  readonly defaults: DefaultsProfile;
  /** What becomes of hosts nobody configured. Unused with Gateways: there they have no route. */
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** What an absent `tls` block means inside the mesh: mTLS where the endpoint speaks it, or plaintext everywhere. */
  readonly mtls: 'auto' | 'DISABLE';
  /** Mesh-wide settings; absent ones have Istio's defaults. */
  readonly meshConfig?: MeshConfig;
}
