import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0109: CheckDeclaration = {
  code: 'LTN0109',
  level: 'Info',
  title: 'A fault is injected',
  what: 'A rule delays or aborts requests on purpose.',
  why: 'Experiments end and their rules stay: a fault that was left in place looks like an outage of the service behind it.',
  mend: 'Take the `fault` out when the experiment is over; suppress the finding while it lasts.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings.example.com]
  http:
  - fault: {abort: {percentage: {value: 100}, httpStatus: 500}}
    route: [{destination: {host: ratings}}]`,
};

const LTN0110: CheckDeclaration = {
  code: 'LTN0110',
  level: 'Warning',
  title: 'A fault that never happens',
  what: 'A fault has no `percentage`, or one of 0.',
  why: 'Absent is 0 %: the experiment shows that everything copes with a fault that was never injected.',
  mend: 'Write `percentage: {value: …}`.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings.example.com]
  http:
  - fault: {abort: {httpStatus: 503}}
    route: [{destination: {host: ratings}}]`,
};

/** LTN0109: a fault is on. LTN0110: a fault is written, and off. */
export const faults: Analyzer = {
  name: 'lateen.FaultAnalyzer',
  description: 'Faults are meant, and happen',
  checks: [LTN0109, LTN0110],
  analyze: (context) => httpRules(context).flatMap((placed) => [...told(placed, 'delay'), ...told(placed, 'abort')]),
};

function told({ service, rule, pointer }: PlacedRule, kind: 'delay' | 'abort'): Finding[] {
  const fault = rule.fault?.[kind];
  if (!fault) return [];
  const at = `${pointer}/fault/${kind}`;
  const percent = fault.percentage?.value ?? ('percent' in fault ? fault.percent : undefined) ?? 0;
  if (percent > 0) {
    const message = `${percent} % of the requests of this rule are ${kind === 'delay' ? 'delayed' : 'aborted'} on purpose`;
    return [ownFinding(LTN0109, service, at, message, 'take the fault out when the experiment is over')];
  }
  const message = `this ${kind} never happens: without percentage it is for 0 % of the requests`;
  return [ownFinding(LTN0110, service, at, message, 'write percentage: {value: 100}, or what you mean')];
}
