import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { fullName, referenceName } from '../full-name.ts';
import { resourceFinding } from '../value-finding.ts';
import { selects } from '../world/labels.ts';
import type { Workload } from '../world/workloads.ts';

/** IST0149: a gateway's routes ask for a claim of a token, and nobody checks tokens there. */
export const jwtClaimRoute: Analyzer = {
  name: 'virtualservice.JWTClaimRouteAnalyzer',
  description: 'Routes by claims of a token go with a RequestAuthentication',
  analyze: (context) => context.of('VirtualService').flatMap((service) => unauthenticated(context, service)),
};

function unauthenticated(context: AnalysisContext, service: VirtualServiceDraft) {
  const claim = claimAskedFor(service);
  if (claim === undefined) return [];
  const gateways = context.of('Gateway');
  return (service.spec.gateways ?? []).flatMap((written) => {
    const name = referenceName(written as string, service.metadata.namespace);
    const gateway = written === 'mesh' ? undefined : gateways.find((candidate) => fullName(candidate) === name);
    if (!gateway) return [];
    return context.workloads
      .filter((workload) => selects(gateway.spec.selector ?? {}, workload.labels) && !checksTokens(context, workload))
      .map((workload) =>
        resourceFinding(
          'IST0149',
          service,
          `The virtual service uses the JWT claim based routing (key: ${claim}) but found no request authentication for the gateway ` +
            `(${name}) pod (${workload.name}). The request authentication must first be applied for the gateway pods to validate the ` +
            'JWT token and make the claims available for routing.',
        ),
      );
  });
}

function checksTokens({ of, meshConfig }: AnalysisContext, { namespace, labels }: Workload): boolean {
  return of('RequestAuthentication').some(
    ({ spec, metadata }) =>
      (metadata.namespace === meshConfig.rootNamespace || metadata.namespace === namespace) &&
      selects(spec.selector?.matchLabels ?? {}, labels),
  );
}

const CLAIM = /^@request\.auth\.claims[.[]./;

function claimAskedFor({ spec }: VirtualServiceDraft): string | undefined {
  return (spec.http ?? [])
    .flatMap(({ match = [] }) => match.flatMap(({ headers = {}, withoutHeaders = {} }) => [headers, withoutHeaders]))
    .flatMap((headers) => Object.keys(headers))
    .find((name) => CLAIM.test(name));
}
