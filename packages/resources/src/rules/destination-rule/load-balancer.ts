import { DEPRECATED_VALUE, FIELD_WITHOUT_EFFECT } from '../checks.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { PolicyBlocks } from './destination-rule-rules.ts';

type LoadBalancer = NonNullable<PolicyBlocks['loadBalancer']>;

/** Maglev's tables are filled in one pass only if their size is prime; this is the largest there may be. */
const MAGLEV_LIMIT = 5_000_011;

/** One table, of a size that it can have; a warm-up that the picker knows how to do. */
export function loadBalancerRule({ loadBalancer }: PolicyBlocks, at: string, report: Report): void {
  if (!loadBalancer) return;
  const here = `${at}/loadBalancer`;
  hashRules(loadBalancer.consistentHash, `${here}/consistentHash`, report);
  if (loadBalancer.localityLbSetting && loadBalancer.zoneAwareLbSetting)
    report.error(here, 'only one of localityLbSetting and zoneAwareLbSetting can be set');
  if (loadBalancer.simple === 'LEAST_CONN')
    report.own(DEPRECATED_VALUE, `${here}/simple`, 'LEAST_CONN is deprecated', 'write LEAST_REQUEST');
  warmupRule(loadBalancer, here, report);
}

function hashRules(hash: LoadBalancer['consistentHash'], at: string, report: Report): void {
  if (!hash) return;
  const names = new Set<string>();
  for (const [{ name = '' }, place] of each(hash.httpCookie?.attributes, `${at}/httpCookie/attributes`)) {
    if (name && names.has(name)) report.error(place, `duplicate cookie attribute name: ${name}`);
    names.add(name);
  }
  if (hash.minimumRingSize) {
    const message = "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead";
    report.warning(`${at}/minimumRingSize`, message, `write ringHash: { minimumRingSize: ${hash.minimumRingSize} }`);
    if (hash.ringHash || hash.maglev) report.error(at, 'only one of MinimumRingSize or Maglev/Ringhash can be specified');
  }
  if (hash.maglev) tableSizeRule(hash.maglev.tableSize ?? 0, `${at}/maglev`, report);
}

function tableSizeRule(size: number, at: string, report: Report): void {
  if (size === 0) report.error(at, 'tableSize must be set for maglev', 'write tableSize: 65537');
  else if (size >= MAGLEV_LIMIT) report.error(`${at}/tableSize`, `tableSize must be less than ${MAGLEV_LIMIT} for maglev`);
  else if (!isPrime(size)) report.error(`${at}/tableSize`, 'tableSize must be a prime number for maglev', 'write 65537');
}

/** Of numbers below the limit, so by trial. 1 counts as prime, as it does for Envoy. */
function isPrime(size: number): boolean {
  for (let factor = 2; factor * factor <= size; factor++) if (size % factor === 0) return false;
  return true;
}

function warmupRule({ simple, consistentHash, warmup, warmupDurationSecs }: LoadBalancer, at: string, report: Report): void {
  if (warmup?.aggression !== undefined && warmup.aggression <= 0)
    report.error(`${at}/warmup/aggression`, 'aggression should be greater than 0');
  const isWarmed = !consistentHash && simple !== 'RANDOM' && simple !== 'PASSTHROUGH';
  if (isWarmed || (!warmup && !warmupDurationSecs)) return;
  const field = warmup ? 'warmup' : 'warmupDurationSecs';
  const message = 'warm-up works with ROUND_ROBIN and LEAST_REQUEST only';
  report.own(FIELD_WITHOUT_EFFECT, `${at}/${field}`, message, 'write simple: LEAST_REQUEST');
}
