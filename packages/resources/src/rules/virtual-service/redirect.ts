import { REFUSED_BY_ENVOY } from '../checks.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { HttpRoute } from './drafts.ts';

const CODES = new Set([301, 302, 303, 307, 308]);

/** Where a redirect leads, in one way. */
export function redirectRule({ redirect, match }: HttpRoute, at: string, report: Report): void {
  if (!redirect) return;
  const { uri, prefixRewrite, authority, port, derivePort, scheme, redirectCode } = redirect;
  const here = `${at}/redirect`;
  if (uri && prefixRewrite) report.error(here, 'redirect may only specify one of uri or prefix_rewrite');
  if (prefixRewrite) prefixRule(match, at, report);
  if (!uri && !prefixRewrite && !authority && port === undefined && derivePort === undefined && !scheme)
    report.error(here, 'redirect must specify URI, authority, scheme, or port');
  if (!redirectCode || CODES.has(redirectCode)) return;
  if (redirectCode < 300 || redirectCode > 399)
    report.error(`${here}/redirectCode`, `${redirectCode} is not a valid redirect code, must be 3xx`);
  else
    report.refused(REFUSED_BY_ENVOY, `${here}/redirectCode`, `${redirectCode} is no redirect`, 'write 301, 302, 303, 307 or 308');
}

function prefixRule(match: HttpRoute['match'], at: string, report: Report): void {
  for (const [{ uri }, place] of each(match, `${at}/match`))
    if (uri && uri.prefix === undefined)
      report.error(`${place}/uri`, 'redirect prefix_rewrite requires all URI matches to use prefix match type');
}
