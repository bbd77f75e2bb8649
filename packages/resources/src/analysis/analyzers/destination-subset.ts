import { findingAt } from '../../make-finding.ts';
import { qualifiedHost } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { destinationsOf } from '../destinations.ts';

/** IST0101: a VirtualService sends to a subset that no DestinationRule of the host defines. */
export const destinationSubset: Analyzer = {
  name: 'subsets that VirtualServices send to exist',
  analyze(context) {
    const subsets = new Set(
      context
        .of('DestinationRule')
        .flatMap(({ spec, metadata }) =>
          (spec.subsets ?? []).map(({ name }) => `${qualifiedHost(spec.host, metadata.namespace)} ${name}`),
        ),
    );
    return context.of('VirtualService').flatMap((rule) =>
      destinationsOf(rule).flatMap(({ host, subset, isMirror, pointer }) => {
        if (subset === undefined || subsets.has(`${qualifiedHost(host, rule.metadata.namespace)} ${subset}`)) return [];
        const what = `${isMirror ? 'mirror' : 'host'}+subset in destinationrule`;
        return [findingAt('IST0101', rule, pointer, `Referenced ${what} not found: "${host}+${subset}"`)];
      }),
    );
  },
};
