import { FINDING_LEVELS, type Finding } from '../finding.ts';
import type { Resource } from '../resource.ts';
import { analysisContext } from './analysis-context.ts';
import type { Analyzer } from './analyzer.ts';
import { conflictingMeshHosts } from './analyzers/conflicting-mesh-hosts.ts';
import { destinationHost } from './analyzers/destination-host.ts';
import { destinationSubset } from './analyzers/destination-subset.ts';
import { hostInGateway } from './analyzers/host-in-gateway.ts';
import { ineffectiveMatch } from './analyzers/ineffective-match.ts';
import { referencedGateway } from './analyzers/referenced-gateway.ts';
import { unreachableRule } from './analyzers/unreachable-rule.ts';

export type { AnalysisContext } from './analysis-context.ts';
export type { Analyzer } from './analyzer.ts';

/** Every analyzer. A new one is a file in `analyzers/` and a line here. */
export const ANALYZERS: readonly Analyzer[] = [
  referencedGateway,
  destinationHost,
  destinationSubset,
  conflictingMeshHosts,
  unreachableRule,
  ineffectiveMatch,
  hostInGateway,
];

export interface AnalyzeOptions {
  /** Fully qualified hosts that are registered. Absent: not known; then hosts are not judged. */
  readonly services?: readonly string[];
}

/** What all analyzers find in these (valid) resources, worst first, then by code and resource, as istioctl orders it. */
export function analyze(resources: readonly Resource[], options: AnalyzeOptions = {}): Finding[] {
  const context = analysisContext(resources, options.services);
  return ANALYZERS.flatMap((analyzer) => analyzer.analyze(context)).sort(compareFindings);
}

/** The worst first, then by code and resource, as istioctl orders them. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    FINDING_LEVELS.indexOf(left.level) - FINDING_LEVELS.indexOf(right.level) ||
    left.code.localeCompare(right.code) ||
    left.origin.localeCompare(right.origin)
  );
}
