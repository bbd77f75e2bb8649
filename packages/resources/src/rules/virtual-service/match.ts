import type { Report } from '../report.ts';
import { FIELD_WITHOUT_EFFECT, IMPOSSIBLE_MATCH } from '../checks.ts';
import { each } from '../shared/each.ts';
import type { HttpMatch, HttpRoute } from './drafts.ts';

/** Matches that are valid and can never be true, or not as they look. */
export function matchRule({ match }: HttpRoute, at: string, report: Report): void {
  for (const [block, place] of each(match, `${at}/match`)) {
    pathRule(block, place, report);
    methodRule(block, place, report);
  }
}

function pathRule({ uri, ignoreUriCase }: HttpMatch, at: string, report: Report): void {
  if (ignoreUriCase && uri?.regex !== undefined) {
    const message = 'ignoreUriCase has no effect on a regular expression';
    report.own(FIELD_WITHOUT_EFFECT, `${at}/ignoreUriCase`, message, 'write (?i) at the start of the expression');
  }
  const path = uri?.exact ?? uri?.prefix;
  if (!path || path === '*' || path.startsWith('/')) return;
  const message = `a path always begins with a slash, so ${JSON.stringify(path)} never matches`;
  report.own(IMPOSSIBLE_MATCH, `${at}/uri`, message, `write /${path}`);
}

function methodRule({ method }: HttpMatch, at: string, report: Report): void {
  const name = method?.exact;
  if (name === undefined || name === name.toUpperCase()) return;
  const message = `methods are case-sensitive: ${name} never matches ${name.toUpperCase()}`;
  report.own(IMPOSSIBLE_MATCH, `${at}/method`, message, `write ${name.toUpperCase()}`);
}
