import { isLateenError, LateenError, type LateenErrorCode, type LateenErrorOptions, originText } from '@lateen/core';
import type { TransportFailure } from '../transport/transport.ts';
import type { CallFacts } from './call-facts.ts';

/** How an attempt can fail, as the call sees it. */
export type AttemptFailureKind = TransportFailure['kind'] | 'overflow';

const CODES: Readonly<Record<AttemptFailureKind, LateenErrorCode>> = {
  connect: 'LATEEN_CONNECT_FAILED',
  'peer-refused': 'LATEEN_PEER_REFUSED',
  reset: 'LATEEN_UPSTREAM_RESET',
  timeout: 'LATEEN_TIMEOUT',
  protocol: 'LATEEN_UPSTREAM_PROTOCOL',
  'headers-too-large': 'LATEEN_UPSTREAM_PROTOCOL',
  overflow: 'LATEEN_OVERFLOW',
  local: 'LATEEN_UPSTREAM_RESET',
};

/** The code of a call that ended with this failure. */
export function failureCode(kind: AttemptFailureKind, error: Error): LateenErrorCode {
  return isLateenError(error) ? error.code : CODES[kind];
}

const HINTS: Partial<Record<LateenErrorCode, string>> = {
  LATEEN_NO_CLUSTER: 'define the host as a service, or the subset in a DestinationRule',
  LATEEN_NO_HEALTHY_ENDPOINT: 'start an instance, or see /clusters for why none is used',
  LATEEN_IDENTITY_MISSING: 'see /healthz/ready for what the certificate waits for',
  LATEEN_BREAKER_OPEN: 'see /clusters; the breaker tries again by itself',
  LATEEN_OVERFLOW: 'raise connectionPool in the DestinationRule, or send less at a time',
  LATEEN_BODY_NOT_REPLAYABLE: 'pass the body as a string or bytes, so that it can be sent again',
  LATEEN_HEADERS_TOO_LARGE: 'send less than 60 KiB of headers',
};

/** One sentence: what failed, where, why, after how many tries; and what to do. */
export function callError(call: CallFacts, code: LateenErrorCode, cause?: unknown, why?: string): LateenError {
  const attempts = call.allAttempts();
  const { request, cluster } = call;
  const reason = why ?? causeText(cause) ?? words(code);
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : '';
  const message = `${request.method} ${request.scheme}://${request.authority}${pathOnly(request.path)} failed${tries}: ${reason}`;
  const policy = policyOf(call);
  const hint = HINTS[code];
  const options: LateenErrorOptions = {
    target: cluster && cluster.spec.port > 0 ? `${cluster.spec.host}:${cluster.spec.port}` : request.authority,
    flags: call.flags,
    attempts: attempts.map((attempt) => attempt.summary()),
    ...(policy === undefined ? {} : { policy }),
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  };
  return new LateenError(code, message, options);
}

/** The rule that decided: the cluster's where it bounds or ejects, else the route's. */
export function policyOf(call: CallFacts): string | undefined {
  const origin = call.route?.origin ?? call.cluster?.spec.origin;
  return origin ? originText(origin) : undefined;
}

function causeText(cause: unknown): string | undefined {
  return cause instanceof Error && cause.message ? cause.message : undefined;
}

function words(code: LateenErrorCode): string {
  return code.slice('LATEEN_'.length).toLowerCase().replaceAll('_', ' ');
}

/** Query strings carry secrets; messages do without. */
function pathOnly(path: string): string {
  const query = path.indexOf('?');
  return query === -1 ? path : path.slice(0, query);
}
