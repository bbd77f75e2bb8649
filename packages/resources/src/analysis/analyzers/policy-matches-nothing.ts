import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { type PlacedEntry, policyOperations, policySources } from '../policy-rules.ts';

const LTN0115: CheckDeclaration = {
  code: 'LTN0115',
  level: 'Warning',
  title: 'An entry of a policy that matches nothing',
  what: 'A `from` or `to` excludes with `not…` all that it asks for.',
  why: 'The entry is never true. In an ALLOW policy nobody gets in by it; in a DENY policy nobody is kept out.',
  mend: 'Take the value out of one of the two lists.',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders}
spec:
  action: DENY
  rules:
  - to:
    - operation: {methods: [DELETE], notMethods: ["*"]}`,
};

/** LTN0115: what is asked for is excluded in the same breath. */
export const policyMatchesNothing: Analyzer = {
  name: 'lateen.PolicyMatchesNothingAnalyzer',
  description: 'Entries of policies can match',
  checks: [LTN0115],
  analyze: (context) => [...policySources(context), ...policyOperations(context)].flatMap(contradictions),
};

function contradictions({ policy, entry, pointer }: PlacedEntry<object>): Finding[] {
  const lists = entry as Readonly<Record<string, readonly (string | undefined)[] | undefined>>;
  return Object.entries(lists).flatMap(([field, excluded = []]) => {
    if (!field.startsWith('not') || excluded.length === 0) return [];
    const asked = `${field.charAt(3).toLowerCase()}${field.slice(4)}`;
    const isEmpty = excluded.includes('*') || (lists[asked]?.length && lists[asked].every((value) => excluded.includes(value)));
    if (!isEmpty) return [];
    const message = `${field} excludes all that ${asked} could be`;
    return [ownFinding(LTN0115, policy, `${pointer}/${field}`, message, `take the values out of ${field} or of ${asked}`)];
  });
}
