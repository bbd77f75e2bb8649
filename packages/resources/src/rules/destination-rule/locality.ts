import { escapePointer } from '../../yaml/positions.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { PolicyBlocks } from './destination-rule-rules.ts';

type Setting = NonNullable<NonNullable<PolicyBlocks['loadBalancer']>['localityLbSetting']>;
type Failover = Setting['failover'];

const TOPOLOGY = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);

/** Where requests go from where: shares that sum up, or an order of regions that differ. */
export function localityRule({ loadBalancer, outlierDetection }: PolicyBlocks, at: string, report: Report): void {
  const { localityLbSetting: setting, zoneAwareLbSetting: zones } = loadBalancer ?? {};
  const here = `${at}/loadBalancer/localityLbSetting`;
  if (setting && isOneOrder(setting, here, report)) {
    distributeRules(setting, here, report);
    failoverRules(setting, here, outlierDetection !== undefined, report);
  }
  const there = `${at}/loadBalancer/zoneAwareLbSetting`;
  for (const [label, place] of each(zones?.failoverPriority, `${there}/failoverPriority`))
    if (TOPOLOGY.has(label)) report.error(place, `'failover_priority' for zone aware lb must not use topology label '${label}'`);
  if (zones) failoverRules(zones, there, outlierDetection !== undefined, report);
}

function isOneOrder({ distribute, failover, failoverPriority }: Setting, at: string, report: Report): boolean {
  if (!failover?.length) return true;
  if (distribute?.length) {
    report.error(at, "can not simultaneously specify 'distribute' and 'failover'");
    return false;
  }
  const label = failoverPriority?.find((name) => TOPOLOGY.has(name));
  if (label) report.error(at, `can not simultaneously set 'failover' and topology label '${label}' in 'failover_priority'`);
  return label === undefined;
}

function distributeRules({ distribute }: Setting, at: string, report: Report): void {
  for (const [{ to = {} }, place] of each(distribute, `${at}/distribute`)) {
    let total = 0;
    for (const [name, weight = 0] of Object.entries(to)) {
      if (weight < 1 || weight > 100)
        return report.error(`${place}/to/${escapePointer(name)}`, 'locality weight must be in range [1, 100]');
      total += weight;
    }
    if (total !== 100) return report.error(`${place}/to`, `total locality weight ${total} != 100`);
    overlapRule(Object.keys(to), `${place}/to`, report);
  }
  overlapRule(
    (distribute ?? []).map(({ from = '' }) => from),
    `${at}/distribute`,
    report,
  );
}

/** No place is named twice, not as part of another: `eu`, `eu/*` and `eu/west` share `eu/west`. */
function overlapRule(localities: readonly string[], at: string, report: Report): void {
  const seen: string[][] = [];
  for (const locality of localities) {
    if (/\*.*\*|\*./.test(locality))
      return report.error(at, `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`);
    const parts = locality.split('/');
    if (parts.includes('')) return report.error(at, `locality ${locality} must not contain empty region/zone/subzone info`);
    const isWildcard = parts.at(-1) === '*';
    const named = isWildcard ? parts.slice(0, -1) : parts;
    if (seen.some((other) => isPrefix(other, named) || (!isWildcard && isPrefix(named, other))))
      return report.error(at, `locality ${locality} overlap with previous specified ones`);
    seen.push(named);
  }
}

const isPrefix = (short: readonly string[], long: readonly string[]): boolean =>
  short.every((part, index) => long[index] === part);

function failoverRules(
  setting: { readonly failover?: Failover; readonly failoverPriority?: Setting['failoverPriority'] },
  at: string,
  isDetecting: boolean,
  report: Report,
): void {
  if ((setting.failover?.length || setting.failoverPriority?.length) && !isDetecting)
    report.warning(at, 'outlier detection policy must be provided for failover', 'write outlierDetection beside loadBalancer');
  for (const [{ from = '', to = '' }, place] of each(setting.failover, `${at}/failover`)) {
    if (from === to) report.error(place, 'locality lb failover settings must specify different regions');
    if (from.includes('/') || to.includes('/')) report.error(place, 'locality lb failover only specify region');
    if (from.includes('*') || to.includes('*'))
      report.error(place, "locality lb failover region should not contain '*' wildcard");
  }
}
