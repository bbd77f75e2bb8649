import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0002: a field that Istio has replaced or ignores. `percent: 0` too, which istioctl passes over: the field is there, and the fault never happens. */
export const deprecatedField: Analyzer = {
  name: 'deprecation.DeprecationAnalyzer',
  description: 'No deprecated fields',
  analyze({ of }) {
    const services = of('VirtualService').filter(({ spec }) =>
      (spec.http ?? []).some(({ fault }) => fault?.delay?.percent !== undefined),
    );
    const sidecars = of('Sidecar').filter(({ spec }) => spec.outboundTrafficPolicy?.egressProxy !== undefined);
    return [
      ...services.map((service) =>
        resourceFinding(
          'IST0002',
          service,
          'Deprecated: HTTPRoute.fault.delay.percent is deprecated; use HTTPRoute.fault.delay.percentage',
        ),
      ),
      ...sidecars.map((sidecar) => resourceFinding('IST0002', sidecar, 'Deprecated: OutboundTrafficPolicy.EgressProxy ignored')),
    ];
  },
};
