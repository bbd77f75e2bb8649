import type { Analyzer } from '../analyzer.ts';
import { valueFinding } from '../value-finding.ts';
import { firstKey, selectorText, selects } from '../world/labels.ts';

/** IST0101: a Gateway is for workloads that nobody runs, or has no server, which istioctl calls the same. */
export const gatewaySelector: Analyzer = {
  name: 'gateway.IngressGatewayPortAnalyzer',
  description: 'Selectors of Gateways select a workload',
  analyze: ({ of, workloads, knowsAll }) =>
    of('Gateway').flatMap((gateway) => {
      const selector = gateway.spec.selector ?? {};
      const isServed = (gateway.spec.servers ?? []).length > 0 && workloads.some(({ labels }) => selects(selector, labels));
      if (!knowsAll.workloads || isServed) return [];
      const message = `Referenced selector not found: "${selectorText(selector)}"`;
      return [valueFinding('IST0101', gateway, `/spec/selector/${firstKey(selector)}`, message)];
    }),
};
