import { originOf, type Revision } from '@lateen/resources';
import { gatewaysOf } from '@lateen/routing';
import { originText } from '@lateen/core';

/** One port that the Gateways in force ask for. */
export interface GatewayPort {
  /** `servers[].port.number` */
  readonly port: number;
  /** Names with namespaces, sorted: `['default/bookinfo-gateway']`. */
  readonly gateways: readonly string[];
  /** Where the first server of it stands, for messages. */
  readonly place: string;
}

/** The ports of all Gateways whose selector fits this workload, ascending. The schema lets HTTP servers through only. */
export function gatewayPorts(revision: Revision, labels: Readonly<Record<string, string>>): GatewayPort[] {
  const byPort = new Map<number, { readonly gateways: Set<string>; readonly place: string }>();
  for (const resource of gatewaysOf(revision)) {
    const { spec, metadata } = resource;
    if (!fits(spec.selector, labels)) continue;
    for (const [index, server] of spec.servers.entries()) {
      const place = originText(originOf(resource, `/spec/servers/${index}`));
      const entry = byPort.get(server.port.number) ?? { gateways: new Set<string>(), place };
      entry.gateways.add(`${metadata.namespace}/${metadata.name}`);
      byPort.set(server.port.number, entry);
    }
  }
  return [...byPort]
    .map(([port, { gateways, place }]) => ({ port, gateways: [...gateways].sort(), place }))
    .sort((a, b) => a.port - b.port);
}

function fits(selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector ?? {}).every(([label, value]) => labels[label] === value);
}
