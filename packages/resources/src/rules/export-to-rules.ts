import type { Report } from './spec-rules.ts';

/** `*` with anything else says two things at once, and so does `~` (nobody). */
export function exportToRules(exportTo: readonly string[] | undefined, report: Report): void {
  if (!exportTo || exportTo.length < 2) return;
  if (exportTo.includes('*'))
    report.error('/exportTo', 'cannot have both public (*) and non-public exportTo values for a resource');
  if (exportTo.includes('~')) report.error('/exportTo', 'cannot export to no one (~) and someone');
  if (new Set(exportTo).size < exportTo.length) report.error('/exportTo', 'a namespace is named twice');
}
