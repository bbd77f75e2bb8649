import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** A rule has one word on the host: its rewrite, or its headers. */
export function authorityRule({ rewrite, headers }: HttpRoute, at: string, report: Report): void {
  let first = rewrite?.authority || undefined;
  for (const verb of ['set', 'add'] as const) {
    for (const [name, value = ''] of Object.entries(headers?.request?.[verb] ?? {})) {
      if (!/^(?:host|:authority)$/i.test(name)) continue;
      if (first) {
        const message = `authority header cannot be set multiple times: have "${first}", attempting to set "${value}"`;
        report.error(`${at}/headers/request/${verb}`, message);
      }
      first ??= value;
    }
  }
}
