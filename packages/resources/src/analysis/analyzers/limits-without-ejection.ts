import type { Finding } from '../../finding.ts';
import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';

const LTN0112: CheckDeclaration = {
  code: 'LTN0112',
  level: 'Info',
  title: 'Limits without outlier detection',
  what: 'A DestinationRule limits connections or requests and has no `outlierDetection`.',
  why: 'Limits protect the service from too much; they do not take a sick instance out. It keeps its share of the requests, and its slowness uses up the limit for all.',
  mend: 'Add `outlierDetection`, unless the limit is all that is meant.',
  example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews.example.com
  trafficPolicy:
    connectionPool: {http: {http1MaxPendingRequests: 10}}`,
};

/** LTN0112: half a circuit breaker. */
export const limitsWithoutEjection: Analyzer = {
  name: 'lateen.BreakerAnalyzer',
  description: 'Limits go with outlier detection',
  checks: [LTN0112],
  analyze: ({ of }) => of('DestinationRule').flatMap(unguarded),
};

function unguarded(rule: DraftResource<'DestinationRule'>): Finding[] {
  const { connectionPool, outlierDetection } = rule.spec.trafficPolicy ?? {};
  const { tcp, http } = connectionPool ?? {};
  const limits = [tcp?.maxConnections, http?.http1MaxPendingRequests, http?.http2MaxRequests];
  if (outlierDetection || limits.every((limit) => !limit)) return [];
  const message = 'limits without outlierDetection: an instance that fails keeps its share of the requests';
  return [ownFinding(LTN0112, rule, '/spec/trafficPolicy/connectionPool', message, 'add outlierDetection')];
}
