import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { resourceFinding } from '../value-finding.ts';
import { endpointsOf } from '../world/endpoints.ts';
import type { KnownHost } from '../world/known-hosts.ts';
import { type Labels, selects } from '../world/labels.ts';

const LTN0113: CheckDeclaration = {
  code: 'LTN0113',
  level: 'Warning',
  title: 'A subset that no registered endpoint belongs to',
  what: 'A DestinationRule defines a subset, and none of the instances that are registered now carries its labels. Said with `--live`, where it may change at any moment; among files alone the same is IST0173.',
  why: 'A request that is routed there is answered 503 with flag UH until an instance comes.',
  mend: 'Start an instance with these labels before you route to the subset, or mend the labels.',
  example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
  - {name: v4, labels: {version: v4}}   # only v1 to v3 are registered`,
  kiali: ['KIA0203'],
};

/** IST0173: a subset selects none of the workloads that are there; LTN0113 where they are those that are registered now. */
export const subsetSelectsNothing: Analyzer = {
  name: 'destinationrule.SubsetSelectPodAnalyzer',
  description: 'Subsets of DestinationRules select a workload',
  checks: [LTN0113],
  analyze: (context) =>
    context.knowsAll.workloads || context.knowsAll.registered
      ? context.of('DestinationRule').flatMap((rule) => emptySubsets(context, rule))
      : [],
};

function emptySubsets(context: AnalysisContext, rule: DraftResource<'DestinationRule'>): Finding[] {
  const { host = '', exportTo, subsets = [] } = rule.spec;
  const known = context.hosts.find(host, rule.metadata.namespace, exportTo as readonly string[] | undefined);
  if (!known) return [];
  const endpoints = endpointsOf(known, context);
  return subsets.flatMap(({ name = '', labels = {} }, index) => {
    if (endpoints.some((endpoint) => selects(labels as Labels, endpoint.labels))) return [];
    if (context.knowsAll.workloads) {
      const message = `The Subset ${name} defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream).`;
      return [resourceFinding('IST0173', rule, message)];
    }
    return [registeredFinding(rule, index, name, known)];
  });
}

function registeredFinding(rule: DraftResource<'DestinationRule'>, index: number, name: string, { host }: KnownHost): Finding {
  const message = `no instance of ${host} that is registered belongs to subset ${name}`;
  return ownFinding(LTN0113, rule, `/spec/subsets/${index}/name`, message, 'start one with its labels before you route there');
}
