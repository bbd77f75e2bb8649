import type { Endpoint } from '@lateen/core';
import type { ClusterSpec } from '@lateen/routing';
import type { ClusterContext } from '../cluster/cluster-context.ts';
import type { Connect } from './connect.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { externalTlsConnect } from './external-tls-connect.ts';
import { Http1Transport } from './http1-transport.ts';
import { meshConnect } from './mesh-connect.ts';
import { plaintextConnect } from './plaintext-connect.ts';
import type { Transport } from './transport.ts';

/** How an endpoint of a cluster is spoken to. */
export type ConnectionSecurity = 'plaintext' | 'mesh' | 'external-tls';

export function connectionSecurity(spec: ClusterSpec, endpoint: Endpoint): ConnectionSecurity {
  switch (spec.tls.mode) {
    case 'DISABLE':
      return 'plaintext';
    case 'auto':
      return endpoint.tls === 'mutual' ? 'mesh' : 'plaintext';
    case 'ISTIO_MUTUAL':
      return 'mesh';
    default:
      return 'external-tls';
  }
}

/** The endpoint as a transport needs it. */
export interface TransportEndpoint {
  readonly endpoint: Endpoint;
  /** Host header of requests that bring none. */
  readonly transportAuthority: string;
}

/** Makes the way to one endpoint, at the first call to it. */
export type TransportFactory = (
  spec: ClusterSpec,
  endpoint: TransportEndpoint,
  limits: ConnectionLimits,
  context: ClusterContext,
) => Transport;

/** HTTP/1.1 for every peer; what a peer offers decides here once there is a second protocol. */
export const createTransport: TransportFactory = (spec, { endpoint, transportAuthority }, limits, context) => {
  const { idleTimeoutMs, maxRequestsPerConnection, maxConnectionDurationMs } = spec.connectionPool;
  const origin = `http://${transportAuthority}`;
  const connect = connectTo(spec, endpoint, context);
  return new Http1Transport(
    { origin, connect, clock: context.clock, idleTimeoutMs, maxRequestsPerConnection, maxConnectionDurationMs },
    limits,
  );
};

function connectTo(spec: ClusterSpec, endpoint: Endpoint, context: ClusterContext): Connect {
  const { clock, identity, events } = context;
  const { address, port } = endpoint;
  const target = { address, port, clock, connectTimeoutMs: spec.connectionPool.connectTimeoutMs };
  switch (connectionSecurity(spec, endpoint)) {
    case 'plaintext':
      return plaintextConnect(target);
    case 'mesh':
      if (!identity) throw new Error(`no identity to speak mTLS to ${spec.host} with`);
      return meshConnect({ ...target, identity, expectedIds: spec.identities, host: spec.host, events });
    case 'external-tls':
      return externalTlsConnect({ ...target, host: spec.resolution === 'none' ? address : spec.host, tls: spec.tls });
  }
}
