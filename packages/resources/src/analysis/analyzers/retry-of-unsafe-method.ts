import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0104: CheckDeclaration = {
  code: 'LTN0104',
  level: 'Warning',
  title: 'POST or PATCH is sent again after it may have been done',
  what: 'A rule for POST or PATCH retries on conditions that do not say whether the server has acted: an answer 5xx, a reset, a timeout of one try.',
  why: 'The second try does it twice: two orders, two payments.',
  mend: 'Retry these on `connect-failure,refused-stream,reset-before-request` only, or make the operation idempotent by a key of the request.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders}
spec:
  hosts: [orders.example.com]
  http:
  - match: [{method: {exact: POST}}]
    retries: {attempts: 2, retryOn: "5xx,reset"}
    route: [{destination: {host: orders}}]`,
};

const LTN0105: CheckDeclaration = {
  code: 'LTN0105',
  level: 'Info',
  title: 'Any method is sent again after it may have been done',
  what: 'A rule that does not ask for a method retries on conditions that do not say whether the server has acted. POST and PATCH are among what it sends again.',
  why: 'As in LTN0104; here it depends on whether such requests come.',
  mend: 'Give the methods that may be repeated a rule of their own, or retry on `connect-failure,refused-stream,reset-before-request` only.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders}
spec:
  hosts: [orders.example.com]
  http:
  - retries: {attempts: 2, retryOn: 5xx}
    route: [{destination: {host: orders}}]`,
};

/** Conditions under which the request may have been acted upon. */
const AFTER_THE_FACT = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'retriable-4xx',
  'retriable-status-codes',
  'retriable-headers',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** LTN0104, LTN0105: requests that must not be made twice are. */
export const retryOfUnsafeMethod: Analyzer = {
  name: 'lateen.UnsafeRetryAnalyzer',
  description: 'Retries do not repeat what must not be done twice',
  checks: [LTN0104, LTN0105],
  analyze: (context) => httpRules(context).flatMap(unsafeRetries),
};

function unsafeRetries({ service, rule: { retries, match = [] }, pointer }: PlacedRule): Finding[] {
  const unsafe = (retries?.retryOn ?? '')
    .split(',')
    .filter((condition) => AFTER_THE_FACT.has(condition) || /^\d{3}$/.test(condition));
  if ((retries?.attempts ?? 0) < 1 || unsafe.length === 0) return [];
  const at = `${pointer}/retries/retryOn`;
  const methods = match.map(({ method }) => method?.exact);
  const named = methods.find((method) => method === 'POST' || method === 'PATCH');
  if (named !== undefined) {
    const message = `${named} is sent again on ${unsafe.join(', ')}, though it may have been done`;
    return [ownFinding(LTN0104, service, at, message, 'retry it on connect-failure,refused-stream,reset-before-request only')];
  }
  if (methods.length > 0 && methods.every((method) => method !== undefined)) return [];
  const message = `whatever the method, requests are sent again on ${unsafe.join(', ')}, though they may have been done`;
  return [ownFinding(LTN0105, service, at, message, 'give POST and PATCH a rule of their own, with safer conditions')];
}
