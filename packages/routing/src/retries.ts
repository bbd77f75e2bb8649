import { parseDurationMs } from '@lateen/core';
import { parseRetryOn, type BackoffSettings, type RetryPolicy } from '@lateen/resilience';
import { DEFAULTS, ISTIO_RETRY_CONDITIONS, type DefaultsProfile } from './defaults.ts';
import type { RetriesSpec } from './spec-types.ts';

/**
 * Absent = the mesh's `defaultHttpRetryPolicy`, else the profile's default. Written: Istio's meaning, also where `retryOn` is left out; `attempts: 0` turns
 * retries off.
 */
export function compileRetries(spec: RetriesSpec | undefined, profile: DefaultsProfile, mesh?: RetriesSpec): RetryPolicy {
  const written = spec ?? mesh;
  if (!written) return DEFAULTS[profile].retry;
  const { conditions, statusCodes } = written.retryOn
    ? parseRetryOn(written.retryOn)
    : { conditions: ISTIO_RETRY_CONDITIONS, statusCodes: new Set<number>() };
  return {
    maxRetries: written.attempts ?? 0,
    perTryTimeoutMs: durationMs(written.perTryTimeout, 0),
    conditions,
    statusCodes,
    avoidsPreviousHosts: written.retryIgnorePreviousHosts ?? true,
    leavesPriorities: written.retryRemoteLocalities ?? false,
  };
}

/** Envoy's: the longest delay is ten times the base. */
export function compileBackoff(spec: RetriesSpec | undefined, profile: DefaultsProfile, mesh?: RetriesSpec): BackoffSettings {
  const backoff = (spec ?? mesh)?.backoff;
  if (backoff === undefined) return DEFAULTS[profile].backoff;
  const baseMs = durationMs(backoff, 0);
  return { baseMs, maxMs: baseMs * 10 };
}

/** The schema has checked the text; absent = `otherwise`. */
export function durationMs(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseDurationMs(text) ?? otherwise);
}
