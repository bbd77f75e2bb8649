import { parseDurationMs } from '@lateen/core';
import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0103: CheckDeclaration = {
  code: 'LTN0103',
  level: 'Warning',
  title: 'A timeout that leaves no room for the retries',
  what: 'The first try and the retries, each as long as `perTryTimeout` lets it be, take longer than `timeout`, which holds for all of them together.',
  why: 'The last tries, or all but the first, are cut off or never made: the rule says it retries, and against slowness it does not.',
  mend: 'Lower `perTryTimeout` or `attempts`, or raise `timeout` to (1 + attempts) × perTryTimeout and a little for the pauses.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - timeout: 2s
    retries: {attempts: 3, perTryTimeout: 2s}
    route: [{destination: {host: shop}}]`,
};

/** LTN0103: (1 + attempts) × perTryTimeout > timeout. */
export const timeoutBelowRetries: Analyzer = {
  name: 'lateen.RetryTimeoutAnalyzer',
  description: 'Timeouts leave room for the retries',
  checks: [LTN0103],
  analyze: (context) => httpRules(context).flatMap(tooShort),
};

function tooShort({ service, rule: { timeout = '', retries }, pointer }: PlacedRule): Finding[] {
  const timeoutMs = parseDurationMs(timeout);
  const perTryMs = parseDurationMs(retries?.perTryTimeout ?? '');
  const attempts = retries?.attempts ?? 0;
  if (timeoutMs === undefined || perTryMs === undefined || attempts < 1) return [];
  const neededMs = (1 + attempts) * perTryMs;
  if (neededMs <= timeoutMs) return [];
  const tries = Math.floor(timeoutMs / perTryMs);
  const room = tries < 1 ? 'not even one try of that length fits' : `${tries} of ${1 + attempts} tries of that length fit`;
  const message = `timeout ${timeout} is less than ${1 + attempts} tries of ${retries?.perTryTimeout}: ${room}`;
  return [ownFinding(LTN0103, service, `${pointer}/timeout`, message, 'lower perTryTimeout or attempts, or raise timeout')];
}
