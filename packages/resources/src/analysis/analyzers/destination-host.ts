import { findingAt } from '../../make-finding.ts';
import { qualifiedHost } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { destinationsOf } from '../destinations.ts';

/** IST0101: a VirtualService sends to a host that neither a registry nor a ServiceEntry knows. Silent where the registered services are not known. */
export const destinationHost: Analyzer = {
  name: 'hosts that VirtualServices send to exist',
  analyze: (context) =>
    context.of('VirtualService').flatMap((rule) =>
      destinationsOf(rule).flatMap(({ host, isMirror, pointer }) => {
        if (context.hostExists(qualifiedHost(host, rule.metadata.namespace)) !== false) return [];
        return [findingAt('IST0101', rule, pointer, `Referenced ${isMirror ? 'mirror host' : 'host'} not found: "${host}"`)];
      }),
    ),
};
