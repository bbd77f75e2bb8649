import type { About, Report } from '../report.ts';
import { each } from './each.ts';

/** `*` with anything else says two things at once, and so does `~` (nobody). */
export function exportToRule(exportTo: readonly string[] | undefined, { namespace }: About, report: Report): void {
  if (!exportTo || exportTo.length < 2) return;
  if (exportTo.includes('*'))
    report.error('/exportTo', 'cannot have both public (*) and non-public exportTo values for a resource');
  if (exportTo.includes('~')) report.error('/exportTo', 'cannot export to no one (~) and someone');
  const seen = new Set<string>();
  for (const [entry, at] of each(exportTo, '/exportTo')) {
    const name = entry === '.' ? namespace : entry;
    if (seen.has(name)) report.error(at, `namespace ${name} is named twice`);
    seen.add(name);
  }
}
