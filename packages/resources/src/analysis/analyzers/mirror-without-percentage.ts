import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0108: CheckDeclaration = {
  code: 'LTN0108',
  level: 'Warning',
  title: 'A mirror without percentage',
  what: 'A rule mirrors requests and does not say how many.',
  why: 'Without `mirrorPercentage` (in `mirrors`: `percentage`) every request is sent twice. A fault without percentage, on the other hand, never happens: nobody remembers which is which.',
  mend: 'Write the percentage, 100 too.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews.example.com]
  http:
  - route: [{destination: {host: reviews}}]
    mirror: {host: reviews-next}`,
};

/** LTN0108: every request is mirrored, said by silence. */
export const mirrorWithoutPercentage: Analyzer = {
  name: 'lateen.MirrorAnalyzer',
  description: 'Mirrors say how many requests they get',
  checks: [LTN0108],
  analyze: (context) => httpRules(context).flatMap(unmeasuredMirrors),
};

function unmeasuredMirrors({ service, rule, pointer }: PlacedRule): Finding[] {
  const { mirror, mirrors = [], mirrorPercentage, mirrorPercent, mirror_percent } = rule;
  const isMeasured = (mirrorPercentage ?? mirrorPercent ?? mirror_percent) !== undefined;
  const single = mirror && !isMeasured ? [{ at: `${pointer}/mirror`, host: mirror.host, field: 'mirrorPercentage' }] : [];
  const several = mirrors.flatMap(({ destination, percentage }, index) =>
    percentage ? [] : [{ at: `${pointer}/mirrors/${index}`, host: destination?.host, field: 'percentage' }],
  );
  return [...single, ...several].map(({ at, host, field }) =>
    ownFinding(LTN0108, service, at, `every request is mirrored to ${host}`, `write ${field}: {value: 100}, or what you mean`),
  );
}
