import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0174: a DestinationRule is for a host that nobody has. */
export const destinationRuleHost: Analyzer = {
  name: 'destinationrule.SubsetSelectPodAnalyzer',
  description: 'Hosts of DestinationRules exist',
  analyze: ({ of, hosts, knowsAll }) =>
    of('DestinationRule').flatMap((rule) => {
      const { host = '', exportTo } = rule.spec;
      if (!knowsAll.hosts || hosts.find(host, rule.metadata.namespace, exportTo as readonly string[] | undefined)) return [];
      const message = `The host ${host} defined in the DestinationRule does not match any services in the mesh.`;
      return [resourceFinding('IST0174', rule, message)];
    }),
};
