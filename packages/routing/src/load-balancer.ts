import type { LocalityOptions, WarmupOptions } from '@lateen/balancer';
import type { ClusterSpec, HashKey, HashSettings, LoadBalancerPolicy } from './cluster-spec.ts';
import { DEFAULTS } from './defaults.ts';
import { compileLocality } from './locality.ts';
import { durationMs } from './retries.ts';
import type { PolicyBlocks } from './spec-types.ts';
import type { PolicyScope } from './traffic-policy.ts';

type LoadBalancerSpec = NonNullable<PolicyBlocks['loadBalancer']>;
type ConsistentHashSpec = NonNullable<LoadBalancerSpec['consistentHash']>;

const RING_SIZE = 1_024;
const MAGLEV_SIZE = 65_537;

/** Which endpoint takes the next request, from what nearness, and how soon a new one gets its share. */
export function compileLoadBalancer(
  blocks: PolicyBlocks,
  scope: PolicyScope,
): Pick<ClusterSpec, 'loadBalancer' | 'hash' | 'warmup' | 'locality'> {
  const spec = blocks.loadBalancer;
  const loadBalancer = policyOf(spec, scope);
  return {
    loadBalancer,
    hash: spec?.consistentHash ? hashSettings(spec.consistentHash) : undefined,
    warmup: spec ? warmupOf(spec) : undefined,
    locality: localityOf(blocks, scope, loadBalancer),
  };
}

function policyOf(spec: LoadBalancerSpec | undefined, { defaults }: PolicyScope): LoadBalancerPolicy {
  if (spec?.consistentHash) return spec.consistentHash.maglev ? 'MAGLEV' : 'RING_HASH';
  switch (spec?.simple) {
    case undefined:
      return spec ? 'LEAST_REQUEST' : DEFAULTS[defaults].loadBalancer;
    case 'ROUND_ROBIN':
    case 'RANDOM':
    case 'PASSTHROUGH':
      return spec.simple;
    // UNSPECIFIED, and LEAST_CONN, its older name.
    default:
      return 'LEAST_REQUEST';
  }
}

function hashSettings(spec: ConsistentHashSpec): HashSettings {
  const size = spec.maglev
    ? spec.maglev.tableSize || MAGLEV_SIZE
    : spec.ringHash?.minimumRingSize || spec.minimumRingSize || RING_SIZE;
  return { key: hashKey(spec), size };
}

function hashKey({ httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName }: ConsistentHashSpec): HashKey | undefined {
  if (httpHeaderName) return { kind: 'header', name: httpHeaderName.toLowerCase() };
  if (httpCookie) {
    const { name, path = '', ttl, attributes = [] } = httpCookie;
    return {
      kind: 'cookie',
      name,
      path,
      ttlSeconds: ttl === undefined ? undefined : Math.floor(durationMs(ttl, 0) / 1_000),
      attributes: attributes.map(({ name: attribute, value }) => (value ? `${attribute}=${value}` : attribute)),
    };
  }
  if (useSourceIp) return { kind: 'source-ip' };
  return httpQueryParameterName ? { kind: 'query', name: httpQueryParameterName } : undefined;
}

function warmupOf({ warmup, warmupDurationSecs }: LoadBalancerSpec): WarmupOptions | undefined {
  const duration = warmup?.duration ?? warmupDurationSecs;
  if (duration === undefined) return undefined;
  return {
    durationMs: durationMs(duration, 0),
    minimumPercent: warmup?.minimumPercent ?? 10,
    aggression: warmup?.aggression ?? 1,
  };
}

/**
 * The rule's setting replaces the mesh's. Without either Istio's own holds where its defaults are asked for, and where the rule has outlier detection, which
 * in Istio's words asks for failover.
 */
function localityOf(blocks: PolicyBlocks, scope: PolicyScope, policy: LoadBalancerPolicy): LocalityOptions | undefined {
  const { outlierDetection, loadBalancer } = blocks;
  const written = loadBalancer?.localityLbSetting ?? scope.meshConfig?.localityLbSetting;
  const setting: typeof written = written ?? (scope.defaults === 'istio' || outlierDetection ? {} : undefined);
  if (!setting || setting.enabled === false) return undefined;
  return compileLocality(setting, scope.self, { failsOver: outlierDetection !== undefined, weighted: policy !== 'PEAK_EWMA' });
}
