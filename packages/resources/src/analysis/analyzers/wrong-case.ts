import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0116: CheckDeclaration = {
  code: 'LTN0116',
  level: 'Info',
  title: 'A header name with capitals',
  what: 'A match names a header with capital letters.',
  why: "Names of headers have no case, so it matches. Istio's reference asks for lower case, and a name in two spellings is looked for twice by those who read.",
  mend: 'Write it in lower case.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - match: [{headers: {End-User: {exact: jason}}}]
    route: [{destination: {host: shop}}]`,
};

const LTN0117: CheckDeclaration = {
  code: 'LTN0117',
  level: 'Warning',
  title: 'A scheme or authority with capitals',
  what: 'A match asks for a scheme or an authority with capital letters.',
  why: 'These are compared letter by letter. Clients send `http` and host names in small letters, so the match is never true.',
  mend: 'Write small letters; `--fix` does.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - match: [{authority: {exact: Shop.example.com}}]
    route: [{destination: {host: shop}}]`,
};

/** LTN0116, LTN0117: text that is compared with its case, in a case that never comes. */
export const wrongCase: Analyzer = {
  name: 'lateen.CaseAnalyzer',
  description: 'Matches ask for text in the case in which it comes',
  checks: [LTN0116, LTN0117],
  analyze: (context) => httpRules(context).flatMap((placed) => [...capitalHeaders(placed), ...wrongTexts(placed)]),
};

function capitalHeaders({ service, rule: { match = [] }, pointer }: PlacedRule): Finding[] {
  return match.flatMap(({ headers = {}, withoutHeaders = {} }, position) =>
    Object.entries({ headers, withoutHeaders }).flatMap(([field, matchers]) =>
      Object.keys(matchers)
        .filter((name) => !name.startsWith('@') && name !== name.toLowerCase())
        .map((name): Finding => {
          const at = `${pointer}/match/${position}/${field}/${name}`;
          const lower = name.toLowerCase();
          const finding = ownFinding(LTN0116, service, at, `header ${name} is compared as ${lower}`, `write ${lower}`);
          return { ...finding, edits: [{ pointer: at, replace: 'key', by: lower }] };
        }),
    ),
  );
}

function wrongTexts({ service, rule: { match = [] }, pointer }: PlacedRule): Finding[] {
  return match.flatMap((block, position) =>
    (['scheme', 'authority'] as const).flatMap((field) =>
      (['exact', 'prefix'] as const).flatMap((kind): Finding[] => {
        const text = block[field]?.[kind];
        const right = text?.toLowerCase();
        if (right === undefined || right === text) return [];
        const at = `${pointer}/match/${position}/${field}/${kind}`;
        const finding = ownFinding(
          LTN0117,
          service,
          at,
          `${field} ${text} never comes: it is compared with its case`,
          `write ${right}`,
        );
        return [{ ...finding, edits: [{ pointer: at, replace: 'value', by: right }] }];
      }),
    ),
  );
}
