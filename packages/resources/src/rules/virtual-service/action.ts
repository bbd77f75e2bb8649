import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** A rule does one thing: route, redirect, answer, or delegate. */
export function actionRule(route: HttpRoute, at: string, report: Report): void {
  const { redirect, directResponse, delegate, fault, rewrite } = route;
  if (delegate) return;
  const hasRoute = (route.route?.length ?? 0) > 0;
  const answer = redirect ? 'redirect' : directResponse ? 'direct_response' : undefined;
  if (!answer) {
    if (!hasRoute) report.error(at, 'HTTP route, redirect or direct_response is required');
    return;
  }
  const field = redirect ? 'redirect' : 'directResponse';
  if (hasRoute) report.error(`${at}/${field}`, `HTTP route cannot contain both route and ${answer}`);
  if (fault) report.error(`${at}/fault`, `HTTP route cannot contain both fault and ${answer}`);
  if (rewrite) report.error(`${at}/rewrite`, `HTTP route rule cannot contain both rewrite and ${answer}`);
  if (redirect && directResponse)
    report.error(`${at}/directResponse`, 'HTTP route rule cannot contain both direct_response and redirect');
}
