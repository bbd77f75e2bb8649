import type { GatewaySpec } from '@lateen/resources';
import type { Credentials } from './credentials.ts';

export type ServerTlsSpec = NonNullable<GatewaySpec['servers'][number]['tls']>;

/** One server of a Gateway that ends TLS, with what it needs for that. */
export interface TlsServer {
  /** `istio-system/edge#1`: which Gateway's, and which of its servers. */
  readonly id: string;
  readonly gateway: string;
  /** DNS names without namespaces: `shop.example.com`, `*.example.com`, `*`. */
  readonly hosts: readonly string[];
  readonly spec: ServerTlsSpec;
  readonly credentials: Credentials;
}

/** Whether a server asks for the caller's certificate. */
export function asksForCertificate({ spec }: TlsServer): boolean {
  return spec.mode === 'MUTUAL' || spec.mode === 'OPTIONAL_MUTUAL';
}
