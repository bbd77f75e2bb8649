import { RETRY_ON, type BackoffSettings, type RetryPolicy } from '@lateen/resilience';
import type {
  BreakerSettings,
  ConnectionPoolSettings,
  LoadBalancerPolicy,
  OutlierDetectionSettings,
  RetryBudgetSettings,
} from './cluster-spec.ts';

/** Whose defaults fill absent blocks. A block that is written means what Istio means by it under either. */
export type DefaultsProfile = 'lateen' | 'istio';

/** What absent blocks mean. */
export interface Defaults {
  readonly loadBalancer: LoadBalancerPolicy;
  readonly outlierDetection: OutlierDetectionSettings | undefined;
  readonly breaker: BreakerSettings | undefined;
  readonly connectionPool: ConnectionPoolSettings;
  readonly retry: RetryPolicy;
  readonly backoff: BackoffSettings;
  readonly retryBudget: RetryBudgetSettings;
  /** 0 = none. */
  readonly timeoutMs: number;
  /** Whether a caller's deadline bounds the work below it. */
  readonly honoursDeadline: boolean;
  /** Headers added to every request, besides those the application wrote. */
  readonly requestHeaders: readonly string[];
}

/** Istio's conditions where `retries` is absent or names none. */
export const ISTIO_RETRY_CONDITIONS: number =
  RETRY_ON['connect-failure'] |
  RETRY_ON['refused-stream'] |
  RETRY_ON.unavailable |
  RETRY_ON.cancelled |
  RETRY_ON['retriable-status-codes'];

const NO_STATUS_CODES: ReadonlySet<number> = new Set();

const ISTIO_RETRY: RetryPolicy = {
  maxRetries: 2,
  perTryTimeoutMs: 0,
  conditions: ISTIO_RETRY_CONDITIONS,
  statusCodes: NO_STATUS_CODES,
  avoidsPreviousHosts: true,
  leavesPriorities: false,
};

const BACKOFF: BackoffSettings = { baseMs: 25, maxMs: 250 };

const UNLIMITED_POOL: ConnectionPoolSettings = {
  maxConnections: Infinity,
  connectTimeoutMs: 10_000,
  maxPendingRequests: Infinity,
  maxRequests: Infinity,
  maxRequestsPerConnection: Infinity,
  maxRetries: Infinity,
  idleTimeoutMs: 3_600_000,
  maxConnectionDurationMs: Infinity,
};

/** The one table. `docs/istio-differences.md` is written from it. */
export const DEFAULTS: Readonly<Record<DefaultsProfile, Defaults>> = {
  istio: {
    loadBalancer: 'LEAST_REQUEST',
    outlierDetection: undefined,
    breaker: undefined,
    connectionPool: UNLIMITED_POOL,
    retry: ISTIO_RETRY,
    backoff: BACKOFF,
    retryBudget: { kind: 'none' },
    timeoutMs: 0,
    honoursDeadline: false,
    requestHeaders: [
      'x-request-id',
      'x-forwarded-proto',
      'x-envoy-attempt-count',
      'x-envoy-decorator-operation',
      'x-envoy-expected-rq-timeout-ms',
      'x-envoy-original-path',
    ],
  },
  lateen: {
    loadBalancer: 'PEAK_EWMA',
    outlierDetection: undefined,
    breaker: { consecutiveFailures: 5, openMs: 5_000, maxOpenRatio: 0.5 },
    connectionPool: UNLIMITED_POOL,
    retry: { ...ISTIO_RETRY, conditions: ISTIO_RETRY_CONDITIONS | RETRY_ON['reset-on-reused-connection'] },
    backoff: BACKOFF,
    retryBudget: { kind: 'token-bucket', percent: 20, minPerSec: 3 },
    timeoutMs: 0,
    honoursDeadline: true,
    requestHeaders: ['traceparent', 'x-request-id', 'x-envoy-expected-rq-timeout-ms'],
  },
};

/** Envoy's, under its own defaults: a health change that follows another one this closely waits. */
export const ISTIO_MERGE_WINDOW_MS = 1_000;

/** What a written `outlierDetection` block means where it leaves a field out. */
export const OUTLIER_DETECTION_FIELDS: OutlierDetectionSettings = {
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: 5,
  splitExternalLocalOriginErrors: false,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionPercent: 10,
  minHealthPercent: 0,
  mergeWindowMs: 0,
};
