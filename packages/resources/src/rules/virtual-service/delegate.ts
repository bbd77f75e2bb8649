import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { VirtualServiceDraft } from './drafts.ts';

/** A delegate, which has no hosts, is bound to nothing and hands nothing on; a rule that delegates has no answer of its own. */
export function delegateRule({ hosts, gateways, http, tls, tcp }: VirtualServiceDraft, report: Report): void {
  const isDelegate = !hosts?.length;
  if (isDelegate && gateways?.length) report.error('/gateways', 'delegate virtual service must have no gateways specified');
  if (isDelegate && tls?.length) report.error('/tls', 'delegate virtual service must have no tls route specified');
  if (isDelegate && tcp?.length) report.error('/tcp', 'delegate virtual service must have no tcp route specified');
  for (const [route, at] of each(http, '/http')) {
    if (!route.delegate) continue;
    if (isDelegate) report.error(`${at}/delegate`, 'delegate HTTP route cannot contain delegate');
    else if (route.redirect) report.error(`${at}/redirect`, 'root HTTP route must not specify redirect beside delegate');
    else if (route.route?.length) report.error(`${at}/route`, 'root HTTP route must not specify route beside delegate');
  }
}
