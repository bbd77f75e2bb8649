import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0102: CheckDeclaration = {
  code: 'LTN0102',
  level: 'Info',
  title: 'A prefix that also begins a longer word',
  what: 'A prefix without a slash at its end takes every path that begins with its letters: `/cart` also takes `/cartoons`. Told where a later rule would answer those.',
  why: 'Prefixes are compared letter by letter, not segment by segment; requests for a neighbour of the path go to the wrong service.',
  mend: 'Match `exact: /cart` and `prefix: /cart/` in one rule.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - match: [{uri: {prefix: /cart}}]
    route: [{destination: {host: cart}}]
  - route: [{destination: {host: shop}}]`,
};

/** LTN0102: `/cart` takes `/cartoons`, which a later rule would answer. */
export const prefixOfLongerWord: Analyzer = {
  name: 'lateen.PrefixAnalyzer',
  description: 'Prefixes end where a segment ends',
  checks: [LTN0102],
  analyze: (context) => httpRules(context).flatMap(openPrefixes),
};

function openPrefixes({ service, rule: { match = [] }, index, pointer }: PlacedRule): Finding[] {
  if (index === (service.spec.http ?? []).length - 1) return [];
  return match.flatMap(({ uri }, position) => {
    const prefix = uri?.prefix;
    if (prefix === undefined || !/\w$/.test(prefix)) return [];
    const message = `prefix ${prefix} also takes ${prefix}s and whatever else goes on with these letters`;
    const mend = `match exact: ${prefix} and prefix: ${prefix}/ where only the path and what is below it are meant`;
    return [ownFinding(LTN0102, service, `${pointer}/match/${position}/uri/prefix`, message, mend)];
  });
}
