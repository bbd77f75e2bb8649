import { FIELD_WITHOUT_EFFECT } from '../checks.ts';
import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** One way of saying what is mirrored, and something to mirror to. */
export function mirrorRule(route: HttpRoute, at: string, report: Report): void {
  const { mirror, mirrors, mirrorPercentage, mirrorPercent } = route;
  if (mirror && mirrors?.length) report.error(`${at}/mirrors`, 'HTTP route cannot contain both mirror and mirrors');
  const share = mirrorPercent ?? route.mirror_percent;
  const older = mirrorPercent === undefined ? 'mirror_percent' : 'mirrorPercent';
  if (share !== undefined)
    report.warning(`${at}/${older}`, `using deprecated setting "${older}"`, `write mirrorPercentage: { value: ${share} }`);
  if (mirror || (mirrorPercentage === undefined && share === undefined)) return;
  const field = mirrorPercentage === undefined ? older : 'mirrorPercentage';
  report.own(
    FIELD_WITHOUT_EFFECT,
    `${at}/${field}`,
    `${field} without mirror has no effect`,
    'write mirror, or percentage in mirrors',
  );
}
