import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { selectorText } from '../world/labels.ts';

const LTN0114: CheckDeclaration = {
  code: 'LTN0114',
  level: 'Info',
  title: 'A policy that denies everything',
  what: 'An ALLOW policy without rules, which lets nobody in, or a DENY policy with a rule that asks for nothing, which nobody escapes.',
  why: '`spec: {}` is the way to begin with nothing allowed, and what is left when the rules were indented wrongly. Other ALLOW policies add to the first; nothing helps against the second.',
  mend: 'Nothing, where it is meant. To allow everybody write `rules: [{}]`.',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny-all}
spec: {}`,
};

/** LTN0114: nobody gets in by this policy. */
export const policyDeniesAll: Analyzer = {
  name: 'lateen.PolicyDeniesAllAnalyzer',
  description: 'Policies that deny everything are told of',
  checks: [LTN0114],
  analyze: ({ of }) =>
    of('AuthorizationPolicy').flatMap((policy) => {
      const { action = 'ALLOW', rules = [], selector } = policy.spec;
      const isOpenRule = rules.some((rule) => !rule.from?.length && !rule.to?.length && !rule.when?.length);
      const deniesAll = (action === 'ALLOW' && rules.length === 0) || (action === 'DENY' && isOpenRule);
      if (!deniesAll) return [];
      const labels = selectorText(selector?.matchLabels ?? {});
      const whom = labels ? `workloads with ${labels}` : 'every workload of its namespace';
      const message = `this ${action} policy denies every request to ${whom}`;
      return [ownFinding(LTN0114, policy, '/spec', message, 'keep it if that is meant; rules: [{}] allows everybody')];
    }),
};
