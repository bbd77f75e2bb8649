import { CODES } from '../codes.ts';
import { FINDING_LEVELS, type Finding } from '../finding.ts';
import type { Resource } from '../resource.ts';
import { type AnalyzeOptions, analysisContext } from './analysis-context.ts';
import { ANALYZERS } from './analyzers/index.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import { RULE_CHECKS } from '../rules/checks.ts';
import { READING_CHECKS } from './reading-checks.ts';
import { askedSuppressions } from './suppression.ts';

export type { AnalysisContext, AnalyzeOptions } from './analysis-context.ts';
export type { Analyzer } from './analyzer.ts';
export { ANALYZERS } from './analyzers/index.ts';
export type { CheckDeclaration } from './check-declaration.ts';
export { KIALI_IN_ISTIOS_WORDS } from './kiali.ts';
export { DEFAULT_MESH_CONFIG, type MeshConfig } from './mesh-config/mesh-config.ts';
export { readMeshConfig } from './mesh-config/read-mesh-config.ts';
export { askedSuppressions, isSuppressed, parseSuppression, type Suppression } from './suppression.ts';
export type { RegisteredWorkload } from './world/workloads.ts';

/**
 * What all analyzers find in these resources, valid or not: worst first, then by code and resource, as istioctl orders it, each once. What a resource's
 * annotation `galley.istio.io/analyze-suppress` names is left out.
 */
export function analyze(
  resources: readonly Resource[],
  options: AnalyzeOptions & { readonly analyzers?: readonly string[] } = {},
): Finding[] {
  const context = analysisContext(resources, options);
  const chosen = ANALYZERS.filter(({ name }) => !options.analyzers || options.analyzers.includes(name));
  const isAskedAway = askedSuppressions(resources);
  const findings = chosen.flatMap((analyzer) => analyzer.analyze(context)).filter((finding) => !isAskedAway(finding));
  return withoutRepeats(findings.sort(compareFindings));
}

/** The page of each code of our own. */
export const CHECKS: readonly CheckDeclaration[] = [
  ...READING_CHECKS,
  ...RULE_CHECKS,
  ...ANALYZERS.flatMap(({ checks = [] }) => checks),
];

/** Every code that anything here says. */
export function knownCodes(): ReadonlySet<string> {
  return new Set([...Object.keys(CODES), ...CHECKS.map(({ code }) => code)]);
}

/** The worst first, then by code and resource, as istioctl orders them; those of one resource in the order of its lines. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    FINDING_LEVELS.indexOf(left.level) - FINDING_LEVELS.indexOf(right.level) ||
    compareTexts(left.code, right.code) ||
    compareTexts(left.origin, right.origin) ||
    lineIn(left) - lineIn(right) ||
    compareTexts(left.message, right.message)
  );
}

const lineIn = ({ reference }: Finding): number => Number(reference.slice(reference.lastIndexOf(':') + 1));

const compareTexts = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, origin, reference, message }) => {
    const key = JSON.stringify([code, origin, reference, message]);
    return !seen.has(key) && seen.add(key);
  });
}
