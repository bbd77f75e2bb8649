import { createHash } from 'node:crypto';
import type { MeshClient } from '@lateen/client';
import type { GatewayPort } from './gateway-ports.ts';
import type { TlsServer } from './tls/tls-server.ts';

/** Where the requests of one port go: to the routes of all its servers, or with TLS to those of the server that the caller asked for. */
export interface PortRoutes {
  /** By what they route: Gateways, or one server of a Gateway. */
  readonly clients: ReadonlyMap<string, MeshClient>;
  /** Undefined for a plain port. */
  readonly tls: readonly TlsServer[] | undefined;
}

/** Makes a client that routes by these Gateways, or by one of their servers alone (`istio-system/edge#1`). */
export type CreateRoutes = (gateways: readonly string[], port: number, server?: string) => MeshClient;

/** The routes of a port; of those it had before, what routes the same stays. */
export function portRoutes(wanted: GatewayPort, create: CreateRoutes, before?: PortRoutes): PortRoutes {
  const { port, gateways, isTls, tls } = wanted;
  const clients = new Map<string, MeshClient>();
  const put = (key: string, make: () => MeshClient): void => void clients.set(key, before?.clients.get(key) ?? make());
  if (isTls) for (const { id, gateway } of tls) put(id, () => create([gateway], port, id));
  else put(gateways.join(), () => create(gateways, port));
  return { clients, tls: isTls ? tls : undefined };
}

/** @param server undefined for a caller that came in plain. Undefined is returned for a server that is there no more. */
export function clientOf({ clients }: PortRoutes, server: TlsServer | undefined): MeshClient | undefined {
  return server ? clients.get(server.id) : clients.values().next().value;
}

/** Equal where nothing about a port has to be changed. */
export function fingerprintOf({ gateways, isTls, tls }: GatewayPort): string {
  return createHash('sha256').update(JSON.stringify({ gateways, isTls, tls })).digest('base64');
}
