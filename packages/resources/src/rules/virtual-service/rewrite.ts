import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** A rewrite changes something, the path in one way. */
export function rewriteRule({ rewrite }: HttpRoute, at: string, report: Report): void {
  if (!rewrite) return;
  const { uri, authority, uriRegexRewrite } = rewrite;
  const here = `${at}/rewrite`;
  if (uri && uriRegexRewrite) report.error(here, 'rewrite may only contain one of URI or UriRegexRewrite');
  if (!uri && !authority && !uriRegexRewrite)
    report.error(here, 'rewrite must specify at least one of URI, UriRegexRewrite, or authority');
}
