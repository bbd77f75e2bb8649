import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { VirtualServiceDraft } from './drafts.ts';

/** `gateway.namespace.svc.cluster.local` is how Istio named gateways years ago. */
export function gatewayNameRule({ gateways, http, tls, tcp }: VirtualServiceDraft, report: Report): void {
  legacyNames(gateways, '/gateways', report);
  for (const [field, routes] of Object.entries({ http, tls, tcp }))
    for (const [route, at] of each(routes, `/${field}`))
      for (const [match, place] of each(route.match, `${at}/match`)) legacyNames(match.gateways, `${place}/gateways`, report);
}

function legacyNames(names: readonly string[] | undefined, at: string, report: Report): void {
  for (const [name, place] of each(names, at)) {
    if (name.includes('/') || !name.includes('.')) continue;
    const [gateway, namespace] = name.split('.');
    report.warning(place, `using legacy gatewayName format "${name}"`, `write ${namespace}/${gateway}`);
  }
}
