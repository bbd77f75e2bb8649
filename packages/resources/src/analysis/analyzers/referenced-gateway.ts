import { findingAt } from '../../make-finding.ts';
import type { Analyzer } from '../analyzer.ts';

/** IST0101: a VirtualService names a Gateway that is not there. */
export const referencedGateway: Analyzer = {
  name: 'gateways that VirtualServices name exist',
  analyze(context) {
    const gateways = new Set(context.of('Gateway').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    return context.of('VirtualService').flatMap((rule) =>
      (rule.spec.gateways ?? []).flatMap((gateway, index) => {
        if (gateway === 'mesh') return [];
        const name = gateway.includes('/') ? gateway : `${rule.metadata.namespace}/${gateway}`;
        if (gateways.has(name)) return [];
        return [findingAt('IST0101', rule, `/spec/gateways/${index}`, `Referenced gateway not found: "${gateway}"`)];
      }),
    );
  },
};
