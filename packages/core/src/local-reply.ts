import { isLateenError, type LateenError, type LateenErrorCode } from './errors.ts';

/** Envoy's words for an answer that no upstream gave; what has none there says its status in words. */
const BODIES: Partial<Record<LateenErrorCode, string>> = {
  LATEEN_NO_ROUTE: '',
  LATEEN_NO_CLUSTER: '',
  LATEEN_HOST_REFUSED: '',
  LATEEN_NO_HEALTHY_ENDPOINT: 'no healthy upstream',
  LATEEN_IDENTITY_MISSING: 'no healthy upstream',
  LATEEN_BREAKER_OPEN: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
  LATEEN_OVERFLOW: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
  LATEEN_CONNECT_FAILED: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
  LATEEN_PEER_REFUSED: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
  LATEEN_UPSTREAM_RESET: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  LATEEN_UPSTREAM_PROTOCOL: 'upstream connect error or disconnect/reset before headers. reset reason: protocol error',
  LATEEN_TIMEOUT: 'upstream request timeout',
  LATEEN_DEADLINE_EXCEEDED: 'upstream request timeout',
  LATEEN_HEADERS_TOO_LARGE: 'Request Header Fields Too Large',
};

/** The body of a local reply for this failure, as Envoy words it. No internals, so that it may leave the mesh. */
export function localReplyBody(code: LateenErrorCode): string {
  return BODIES[code] ?? 'request could not be served';
}

/**
 * The `LateenError` behind an error that application code let through: the error itself or one of its causes (`fetch` wraps it in a
 * `TypeError`). Undefined when the mesh has no part in it.
 */
export function lateenErrorIn(error: unknown): LateenError | undefined {
  for (let depth = 0; depth < 8 && typeof error === 'object' && error !== null; depth++) {
    if (isLateenError(error)) return error;
    error = (error as Error).cause;
  }
  return undefined;
}
