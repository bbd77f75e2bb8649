import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';

const LTN0129: CheckDeclaration = {
  code: 'LTN0129',
  level: 'Info',
  title: 'A subset without labels',
  what: 'A subset of a DestinationRule asks for no label.',
  why: 'It is every instance of the host. That can be meant, to give a route a policy of its own; where labels were forgotten, the old version answers too.',
  mend: 'Write its labels.',
  example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets: [{name: v2}]`,
  kiali: ['KIA0209'],
};

/** LTN0129: a subset that is no part. */
export const subsetLabels: Analyzer = {
  name: 'lateen.SubsetLabelsAnalyzer',
  description: 'Subsets have labels',
  checks: [LTN0129],
  analyze: ({ of }) =>
    of('DestinationRule').flatMap((rule) =>
      (rule.spec.subsets ?? []).flatMap(({ name = '', labels = {} }, index) => {
        if (Object.keys(labels).length > 0) return [];
        return [
          ownFinding(LTN0129, rule, `/spec/subsets/${index}`, `subset ${name} is every instance of the host`, 'write its labels'),
        ];
      }),
    ),
};
