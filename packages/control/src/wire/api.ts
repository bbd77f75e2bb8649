/** lateend's paths. `instances` is followed by the instance id. */
export const API_PATHS = {
  bundle: '/v1/bundle',
  svid: '/v1/svid',
  renew: '/v1/svid/renew',
  watch: '/v1/watch',
  ack: '/v1/ack',
  instances: '/v1/instances/',
  config: '/v1/config',
  configApply: '/v1/config/apply',
  configDelete: '/v1/config/delete',
  configHistory: '/v1/config/history',
  status: '/v1/status',
  joinTokens: '/v1/admin/join-tokens',
  authority: '/v1/admin/authority',
  prometheusTargets: '/v1/prometheus/targets',
} as const;

/** What both sides hold each other to. */
export const API_LIMITS = {
  /** Bodies of everything but configuration. */
  bodyBytes: 16 * 1024,
  configBodyBytes: 8 * 1024 * 1024,
  /** One line of the watch stream: a snapshot holds a whole configuration and registry. */
  watchLineBytes: 64 * 1024 * 1024,
  heartbeatMs: 5_000,
  /** After this many heartbeats without a line the stream is taken for dead. */
  missedHeartbeats: 3,
  /** How long an instance stays in the registry after its stream was lost. */
  leaseMs: 10_000,
  /** How long a deregistration waits for the watchers unless told otherwise, and at most. */
  deregisterAckMs: 1_000,
  maxDeregisterAckMs: 5_000,
  /** How long `apply` waits for the processes. */
  applyAckMs: 2_000,
} as const;

/** Where lateend and its administrator stand in the trust domain. No token is made for this namespace. */
export const SYSTEM_NAMESPACE = 'lateen-system';
export const DAEMON_SERVICE_ACCOUNT = 'lateend';
export const ADMIN_SERVICE_ACCOUNT = 'admin';

/** `{ error: { code, message } }`: the body of every answer that is not 2xx. `code` is a `LateenErrorCode` or the authority's. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}
