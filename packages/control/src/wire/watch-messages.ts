import type { InstanceDescription, ServiceDescription } from '@lateen/discovery';
import type { Revision } from '@lateen/resources';
import { type Check, finite, flag, integer, list, oneOf, optional, parseJson, shape, text, WireError } from './check.ts';
import { checkRevision } from './config-messages.ts';
import { type BundleReply, checkBundleReply } from './identity-messages.ts';
import { checkInstance, checkService } from './registry-messages.ts';

/** Query of `GET /v1/watch`. */
export interface WatchQuery {
  readonly instance: string;
  readonly service: string;
  readonly workload: string;
  /** `host:port` of the process's admin endpoint, empty when off. */
  readonly adminAddress: string;
  /** Whether the process runs lateend's configuration: only then `apply` waits for it. */
  readonly followsConfig: boolean;
  /** The process's wall clock, epoch ms: `status` tells the skew. */
  readonly time: number;
}

/** The first line: everything. */
export interface WatchSnapshot {
  readonly type: 'snapshot';
  /** lateend's wall clock, epoch ms. */
  readonly time: number;
  /**
   * lateend started a moment ago, and instances it has not heard of may still be alive: nothing that is missing here counts
   * as gone until `settled`.
   */
  readonly settling: boolean;
  readonly registryVersion: number;
  readonly services: readonly ServiceDescription[];
  readonly instances: readonly InstanceDescription[];
  readonly bundle: BundleReply;
  readonly revision: Revision;
}

/** What changed in the registry. Removals said here are certain, settling or not. */
export interface WatchRegistry {
  readonly type: 'registry';
  readonly registryVersion: number;
  /** All services, when one of them changed. */
  readonly services?: readonly ServiceDescription[];
  readonly upserted: readonly InstanceDescription[];
  /** `instanceKey`s. */
  readonly removed: readonly string[];
  /** Somebody drains and waits for our word. */
  readonly acknowledge: boolean;
}

/** Every instance that is alive has had the time to say so. */
export interface WatchSettled {
  readonly type: 'settled';
}

export interface WatchRevision {
  readonly type: 'revision';
  readonly revision: Revision;
}

export interface WatchBundle {
  readonly type: 'bundle';
  readonly bundle: BundleReply;
}

export interface WatchHeartbeat {
  readonly type: 'heartbeat';
  readonly time: number;
}

export type WatchMessage = WatchSnapshot | WatchRegistry | WatchSettled | WatchRevision | WatchBundle | WatchHeartbeat;

const services = list(checkService, 100_000);
const instances = list(checkInstance, 100_000);

const CHECKS: { readonly [Type in WatchMessage['type']]: Check<Extract<WatchMessage, { type: Type }>> } = {
  snapshot: shape<WatchSnapshot>({
    type: oneOf(['snapshot']),
    time: finite,
    settling: flag,
    registryVersion: integer(0),
    services,
    instances,
    bundle: checkBundleReply,
    revision: checkRevision,
  }),
  registry: shape<WatchRegistry>({
    type: oneOf(['registry']),
    registryVersion: integer(0),
    services: optional(services),
    upserted: instances,
    removed: list(text(), 100_000),
    acknowledge: flag,
  }),
  settled: shape<WatchSettled>({ type: oneOf(['settled']) }),
  revision: shape<WatchRevision>({ type: oneOf(['revision']), revision: checkRevision }),
  bundle: shape<WatchBundle>({ type: oneOf(['bundle']), bundle: checkBundleReply }),
  heartbeat: shape<WatchHeartbeat>({ type: oneOf(['heartbeat']), time: finite }),
};

/** One line of the stream; undefined for a sort of message we do not know, which a newer lateend may send. @throws {WireError} */
export function parseWatchLine(line: string): WatchMessage | undefined {
  const value = parseJson(line);
  const type = (value as { type?: unknown } | null)?.type;
  if (typeof type !== 'string') throw new WireError('type must be text');
  if (!Object.hasOwn(CHECKS, type)) return undefined;
  return CHECKS[type as WatchMessage['type']](value, '');
}

/** {@link WatchQuery} as a URL's query. */
export function formatWatchQuery(query: WatchQuery): string {
  return new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])).toString();
}

/** @throws {WireError} */
export function parseWatchQuery(query: URLSearchParams): WatchQuery {
  const field = (name: keyof WatchQuery, maxLength: number): string => text(maxLength)(query.get(name) ?? '', name);
  const instance = field('instance', 253);
  if (!instance) throw new WireError('instance must be given');
  return {
    instance,
    service: field('service', 253),
    workload: field('workload', 253),
    adminAddress: field('adminAddress', 300),
    followsConfig: field('followsConfig', 5) !== 'false',
    time: finite(Number(field('time', 20)), 'time'),
  };
}
