import { escapePointer } from '../../yaml/positions.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { VirtualServiceDraft } from './drafts.ts';

/** Tokens are checked before routing at gateways only. */
export function claimRule({ gateways, http }: VirtualServiceDraft, report: Report): void {
  if (gateways?.length && !gateways.includes('mesh')) return;
  for (const [route, at] of each(http, '/http'))
    for (const [match, place] of each(route.match, `${at}/match`))
      for (const field of ['headers', 'withoutHeaders'] as const)
        for (const name of Object.keys(match[field] ?? {}))
          if (/^@request\.auth\.claims[.[]/i.test(name))
            report.error(
              `${place}/${field}/${escapePointer(name)}`,
              `JWT claim based routing (key: ${name}) is only supported for gateway`,
            );
}
