import { parseDurationMs } from '@lateen/core';
import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';
import { qualifiedHost } from '../world/hosts.ts';
import { type Labels, selects } from '../world/labels.ts';

const LTN0106: CheckDeclaration = {
  code: 'LTN0106',
  level: 'Warning',
  title: "A timeout longer than the caller's own",
  what: 'A rule for calls of one workload (`sourceLabels`) lets them last longer than any rule lets calls to that workload last.',
  why: 'Whoever called the caller has gone when the answer comes: the work is done for nobody, and it piles up when things are slow.',
  mend: 'Make timeouts shorter from the edge inwards.',
  example: `apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - timeout: 2s
    route: [{destination: {host: reviews}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings]
  http:
  - match: [{sourceLabels: {app: reviews}}]
    timeout: 10s
    route: [{destination: {host: ratings}}]`,
};

/** LTN0106: calls of a workload may last longer than calls to it. */
export const timeoutAboveCallers: Analyzer = {
  name: 'lateen.CallerTimeoutAnalyzer',
  description: "Timeouts are shorter than their callers'",
  checks: [LTN0106],
  analyze(context) {
    const rules = httpRules(context);
    return rules.flatMap((placed) => tooLong(context, rules, placed));
  },
};

function tooLong(context: AnalysisContext, rules: readonly PlacedRule[], { service, rule, pointer }: PlacedRule): Finding[] {
  const ownMs = parseDurationMs(rule.timeout ?? '');
  const callers = (rule.match ?? []).flatMap(({ sourceLabels }) => (sourceLabels ? [sourceLabels as Labels] : []));
  if (ownMs === undefined || callers.length === 0) return [];
  return callers.slice(0, 1).flatMap((labels) => {
    const hosts = hostsServedBy(context, labels);
    const limitMs = longestTimeoutMs(rules.filter((other) => other.rule !== rule && sendsTo(other, hosts)));
    if (limitMs === undefined || ownMs <= limitMs) return [];
    const message = `calls of ${labels['app'] ?? 'this caller'} may last ${rule.timeout}, and calls to it ${limitMs / 1_000}s at most`;
    return [ownFinding(LTN0106, service, `${pointer}/timeout`, message, 'make the inner timeout the shorter one')];
  });
}

function hostsServedBy({ hosts }: AnalysisContext, labels: Labels): ReadonlySet<string> {
  const serves = [...hosts.all].filter(
    ({ selector }) => selector && Object.keys(selector).length > 0 && selects(selector, labels),
  );
  return new Set(serves.map(({ host }) => host));
}

function sendsTo({ service, rule }: PlacedRule, hosts: ReadonlySet<string>): boolean {
  return (rule.route ?? []).some(({ destination }) =>
    hosts.has(qualifiedHost(destination?.host ?? '', service.metadata.namespace)),
  );
}

/** Undefined when there is no rule, or one without timeout. */
function longestTimeoutMs(rules: readonly PlacedRule[]): number | undefined {
  const timeouts = rules.map(({ rule }) => parseDurationMs(rule.timeout ?? ''));
  if (timeouts.length === 0 || timeouts.includes(undefined)) return undefined;
  return Math.max(...timeouts.map((timeoutMs) => timeoutMs ?? 0));
}
