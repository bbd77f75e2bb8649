import type { Draft } from '../../analysis/draft.ts';
import type { DestinationRuleSpec } from '../../kinds/index.ts';
import type { Report } from '../report.ts';

type ConnectionPool = NonNullable<Draft<DestinationRuleSpec>['trafficPolicy']>['connectionPool'];

/** HTTP/2 is either asked for or negotiated, and a keep-alive has both of its times. */
export function connectionPoolRule(pool: ConnectionPool, at: string, report: Report): void {
  const { h2UpgradePolicy, useClientProtocol, http2KeepAlive } = pool?.http ?? {};
  if (h2UpgradePolicy === 'UPGRADE' && useClientProtocol)
    report.error(`${at}/http/useClientProtocol`, 'useClientProtocol must not be true when h2UpgradePolicy is UPGRADE');
  if (!http2KeepAlive) return;
  for (const time of ['interval', 'timeout'] as const)
    if (http2KeepAlive[time] === undefined) report.error(`${at}/http/http2KeepAlive`, `http2 keepalive ${time} is required`);
}
