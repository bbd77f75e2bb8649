import { originText } from '@lateen/core';
import { type GatewaySpec, originOf, type Revision } from '@lateen/resources';
import { gatewaysOf } from '@lateen/routing';
import { readCredentials } from './tls/credentials.ts';
import type { TlsServer } from './tls/tls-server.ts';

/** One port that the Gateways in force ask for. */
export interface GatewayPort {
  /** `servers[].port.number` */
  readonly port: number;
  /** Address to listen on where a server says so. */
  readonly bind: string | undefined;
  /** Names with namespaces, sorted: `['default/bookinfo-gateway']`. */
  readonly gateways: readonly string[];
  /** Where the first server of it stands, for messages. */
  readonly place: string;
  /** Whether TLS ends here: the port's first server decides. */
  readonly isTls: boolean;
  /** With TLS: those of its servers that have their certificates. */
  readonly tls: readonly TlsServer[];
  /** Why other servers of it are not served. */
  readonly problems: readonly Error[];
}

/** Which gateway asks. */
export interface GatewayWorkload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

type ServerSpec = GatewaySpec['servers'][number];

interface PortEntry {
  readonly gateways: Set<string>;
  readonly place: string;
  readonly isTls: boolean;
  bind: string | undefined;
  readonly tls: TlsServer[];
  readonly problems: Error[];
}

/** The ports of all Gateways whose selector fits this workload, ascending. Certificates are read from files and Secrets here. */
export function gatewayPorts(revision: Revision, { labels, namespace }: GatewayWorkload): GatewayPort[] {
  const byPort = new Map<number, PortEntry>();
  for (const resource of gatewaysOf(revision)) {
    const { spec, metadata } = resource;
    if (!fits(spec.selector, labels)) continue;
    const gateway = `${metadata.namespace}/${metadata.name}`;
    for (const [index, server] of spec.servers.entries()) {
      const place = originText(originOf(resource, `/spec/servers/${index}`));
      const entry = byPort.get(server.port.number) ?? newEntry(server, place);
      byPort.set(server.port.number, entry);
      addServer(entry, server, { gateway, index, place }, () => readCredentials(server.tls ?? {}, { revision, namespace }));
    }
  }
  return [...byPort]
    .map(([port, { gateways, ...entry }]) => ({ port, ...entry, gateways: [...gateways].sort() }))
    .sort((a, b) => a.port - b.port);
}

function newEntry(server: ServerSpec, place: string): PortEntry {
  return { gateways: new Set(), place, isTls: endsTls(server), bind: undefined, tls: [], problems: [] };
}

function addServer(
  entry: PortEntry,
  server: ServerSpec,
  { gateway, index, place }: { readonly gateway: string; readonly index: number; readonly place: string },
  credentials: () => TlsServer['credentials'],
): void {
  try {
    if (endsTls(server) !== entry.isTls) {
      throw new Error(
        `port ${server.port.number} is ${entry.isTls ? 'TLS' : 'plain HTTP'} at ${entry.place}, and cannot be both`,
      );
    }
    if (server.bind?.startsWith('unix:')) throw new Error('sockets in files are not listened on');
    if (entry.isTls && !server.tls?.mode) throw new Error('tls.mode is missing, and that is PASSTHROUGH: write mode: SIMPLE');
    const id = `${gateway}#${index}`;
    const hosts = server.hosts.map((host) => host.slice(host.indexOf('/') + 1).toLowerCase());
    if (entry.isTls) entry.tls.push({ id, gateway, hosts, spec: server.tls ?? {}, credentials: credentials() });
    entry.bind ??= server.bind || undefined;
    entry.gateways.add(gateway);
  } catch (error) {
    entry.problems.push(new Error(`the server at ${place} is left out: ${(error as Error).message}`, { cause: error }));
  }
}

function endsTls({ port }: ServerSpec): boolean {
  return port.protocol.toUpperCase() === 'HTTPS';
}

function fits(selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector ?? {}).every(([label, value]) => labels[label] === value);
}
