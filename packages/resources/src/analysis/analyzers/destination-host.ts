import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { destinationsOf, type NamedDestination, type VirtualServiceDraft } from '../destinations.ts';
import { listText } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';

/**
 * IST0101: a VirtualService sends to a host that nobody has, or to a port that the host has not. IST0112: the host has several ports, and none is said.
 */
export const destinationHost: Analyzer = {
  name: 'virtualservice.DestinationHostAnalyzer',
  description: 'Hosts and ports that VirtualServices send to exist',
  analyze: (context) =>
    context
      .of('VirtualService')
      .flatMap((rule) => destinationsOf(rule).flatMap((destination) => problemOf(context, rule, destination) ?? [])),
};

function problemOf({ hosts, knowsAll }: AnalysisContext, rule: VirtualServiceDraft, destination: NamedDestination) {
  const { host, port, pointer, isMirror } = destination;
  const known = hosts.find(host, rule.metadata.namespace, rule.spec.exportTo as readonly string[] | undefined);
  if (!known) {
    if (!knowsAll.hosts) return undefined;
    return valueFinding('IST0101', rule, pointer, `Referenced ${isMirror ? 'mirror host' : 'host'} not found: "${host}"`);
  }
  if (!known.ports) return undefined;
  const numbers = known.ports.map(({ number }) => number);
  if (port !== undefined) {
    if (numbers.includes(port)) return undefined;
    return valueFinding('IST0101', rule, pointer, `Referenced host:port not found: "${host}:${port}"`);
  }
  if (numbers.length < 2) return undefined;
  const message =
    `This VirtualService routes to a service "${host}" that exposes multiple ports ${listText(numbers)}. ` +
    'Specifying a port in the destination is required to disambiguate.';
  return valueFinding('IST0112', rule, pointer, message);
}
