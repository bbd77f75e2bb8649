import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { destinationsOf } from '../destinations.ts';
import { exportScopes, isVisibleIn } from '../world/export-scopes.ts';
import { qualifiedHost } from '../world/hosts.ts';
import { valueFinding } from '../value-finding.ts';

/** IST0101: a VirtualService sends to a subset that no DestinationRule of the host defines, or none that its namespace sees. */
export const destinationSubset: Analyzer = {
  name: 'virtualservice.DestinationRuleAnalyzer',
  description: 'Subsets that VirtualServices send to exist',
  analyze({ of }) {
    const rules = rulesBySubset(of('DestinationRule'));
    return of('VirtualService').flatMap((service) =>
      destinationsOf(service).flatMap(({ host, subset, isMirror, pointer }) => {
        if (subset === undefined) return [];
        const { namespace } = service.metadata;
        const definedBy = rules.get(`${qualifiedHost(host, namespace)} ${subset}`) ?? [];
        if (definedBy.some((rule) => isVisibleIn(scopesOf(rule), namespace))) return [];
        const what = `${isMirror ? 'mirror' : 'host'}+subset in destinationrule`;
        return [valueFinding('IST0101', service, pointer, `Referenced ${what} not found: "${host}+${subset}"`)];
      }),
    );
  },
};

type Rule = DraftResource<'DestinationRule'>;

const scopesOf = ({ spec, metadata }: Rule) => exportScopes(spec.exportTo as readonly string[] | undefined, metadata.namespace);

function rulesBySubset(rules: readonly Rule[]): Map<string, Rule[]> {
  const bySubset = new Map<string, Rule[]>();
  for (const rule of rules) {
    const host = qualifiedHost(rule.spec.host ?? '', rule.metadata.namespace);
    for (const { name = '' } of rule.spec.subsets ?? []) {
      const key = `${host} ${name}`;
      const known = bySubset.get(key);
      if (known) known.push(rule);
      else bySubset.set(key, [rule]);
    }
  }
  return bySubset;
}
