import type { MeshMetrics } from '@lateen/telemetry';
import type { MeshOptions } from 'lateen';
import type { BoundPort } from './port-set.ts';

/** What `createGateway` takes: everything `createMesh` does (and its environment variables) but how calls fail, which is by an answer. */
export interface GatewayOptions extends Omit<MeshOptions, 'errors' | 'protocol' | 'enabled'> {
  /** Where the ports are bound. Default `127.0.0.1`. */
  readonly host?: string;
  /** Added to every Gateway's port. Default 0. */
  readonly portOffset?: number;
}

/** A running ingress gateway. */
export interface Gateway extends AsyncDisposable {
  /** The ports that are open now. */
  readonly ports: readonly BoundPort[];
  /** Resolves when identity, endpoints and configuration are there and its ports are open. Never rejects. */
  readonly ready: Promise<void>;
  readonly metrics: Pick<MeshMetrics, 'registry' | 'contentType' | 'text'>;
  /** `host:port` of the admin endpoint; empty when off. */
  readonly adminAddress: string;
  /** Takes nothing new, finishes what is in flight, then closes. */
  drain(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Ends everything now. */
  close(): Promise<void>;
}
