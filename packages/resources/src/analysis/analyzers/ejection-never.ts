import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { endpointsOf } from '../world/endpoints.ts';

const LTN0111: CheckDeclaration = {
  code: 'LTN0111',
  level: 'Warning',
  title: 'Outlier detection that can never eject',
  what: 'One of the endpoints that are known is more than `maxEjectionPercent` (10 where nothing is said) of them.',
  why: 'An endpoint is ejected only if (ejected + 1) ÷ endpoints stays within the percentage. With the default nothing is ever ejected below ten endpoints, however sick they are.',
  mend: 'Raise `maxEjectionPercent` to at least 100 ÷ the number of endpoints: 34 for three, 50 for two.',
  example: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db}
spec:
  hosts: [db.example.com]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: STATIC
  endpoints: [{address: 10.0.0.1}, {address: 10.0.0.2}, {address: 10.0.0.3}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db}
spec:
  host: db.example.com
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 3}`,
};

/** Envoy's, where a rule says nothing. */
const DEFAULT_PERCENT = 10;

/** LTN0111: with the endpoints there are, the first ejection is one too many. */
export const ejectionNever: Analyzer = {
  name: 'lateen.EjectionAnalyzer',
  description: 'Outlier detection can eject',
  checks: [LTN0111],
  analyze: (context) => context.of('DestinationRule').flatMap((rule) => neverEjecting(context, rule)),
};

function neverEjecting(context: AnalysisContext, rule: DraftResource<'DestinationRule'>): Finding[] {
  const detection = rule.spec.trafficPolicy?.outlierDetection;
  const known = context.hosts.find(
    rule.spec.host ?? '',
    rule.metadata.namespace,
    rule.spec.exportTo as readonly string[] | undefined,
  );
  const isCounted = known && (known.entry?.spec.endpoints?.length || known.selector);
  if (!detection || !isCounted) return [];
  const endpoints = endpointsOf(known, context).reduce((sum, { instances }) => sum + instances, 0);
  const percent = detection.maxEjectionPercent ?? DEFAULT_PERCENT;
  if (endpoints === 0 || 100 / endpoints <= percent) return [];
  const message = `maxEjectionPercent ${percent} never lets one of ${endpoints} endpoints go`;
  const mend = `write maxEjectionPercent: ${Math.ceil(100 / endpoints)} or more`;
  return [ownFinding(LTN0111, rule, '/spec/trafficPolicy/outlierDetection', message, mend)];
}
