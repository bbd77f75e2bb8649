import type { Report } from '../report.ts';
import { each } from './each.ts';
import { emptySelectorRule } from './selector.ts';

interface Target {
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
}

interface Targets {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string | undefined>> | undefined } | undefined;
  readonly targetRef?: Target | undefined;
  readonly targetRefs?: readonly Target[] | undefined;
}

/** What a policy can be about, as group/kind. */
const TARGETS = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** A policy is about workloads or about objects, and about such as there are. */
export function policyTargetsRule({ selector, targetRef, targetRefs }: Targets, report: Report): void {
  const written = [selector, targetRef, targetRefs?.length ? targetRefs : undefined].filter((part) => part !== undefined);
  if (written.length > 1) report.error('', 'only one of targetRefs or selector can be set');
  emptySelectorRule(selector, '/selector', report);
  if (targetRef) targetRule(targetRef, '/targetRef', report);
  for (const [target, at] of each(targetRefs, '/targetRefs')) targetRule(target, at, report);
}

function targetRule({ group = '', kind = '' }: Target, at: string, report: Report): void {
  if (!TARGETS.has(`${group}/${kind}`))
    report.error(at, `targetRef must name a Service, ServiceEntry, Gateway or GatewayClass, not ${group}/${kind}`);
}
