import { parseAllDocuments } from 'yaml';
import type { Fleet } from './backends/fleet.ts';
import type { Case, Common, CommonService } from './corpus.ts';

/** The resources of a case: the common services as ServiceEntries, and its own YAML. */
export function resourcesOf(each: Case, common: Common, fleet: Fleet): object[] {
  return [...common.services.map((service) => serviceEntry(service, fleet)), ...ownResources(each, fleet)];
}

/** The documents of a case's YAML with the addresses and ports of the running backends. */
function ownResources({ yaml }: Case, fleet: Fleet): object[] {
  const text = yaml.replace(/\$\{([\w-]+)\.(address|port)\}/g, (_, name: string, what: string) =>
    what === 'address' ? fleet.addressOf() : String(fleet.portOf(name) || 1),
  );
  return parseAllDocuments(text).flatMap((document) => (document.contents === null ? [] : [document.toJS() as object]));
}

function serviceEntry(
  { host, namespace, location, resolution, ports, exportTo, instances }: CommonService,
  fleet: Fleet,
): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: host.split('.', 1)[0], namespace },
    spec: {
      hosts: [host],
      location,
      resolution,
      ports,
      ...(exportTo ? { exportTo } : {}),
      endpoints: instances.map(({ name, labels, locality }) => ({
        address: fleet.addressOf(),
        ports: Object.fromEntries(ports.map((port) => [port.name, fleet.portOf(name, port.name)])),
        ...(labels ? { labels } : {}),
        ...(locality ? { locality } : {}),
      })),
    },
  };
}
