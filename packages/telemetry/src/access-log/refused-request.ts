import type { Http1Refusal } from '@lateen/core';
import type { AccessLogEntry } from './access-log-entry.ts';

/** As much of a refused request as could be read. */
export interface RefusedHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion?: string | undefined;
  readonly headers?: { readonly host?: string | undefined; readonly 'user-agent'?: string | undefined };
}

/** The entry of a request that was refused for its form, before any rule was looked at. @param startTime epoch ms */
export function refusedRequest(
  direction: AccessLogEntry['direction'],
  { status, body, flag }: Http1Refusal,
  startTime: number,
  { method = '', url = '', httpVersion = '1.1', headers = {} }: RefusedHead = {},
): AccessLogEntry {
  return {
    direction,
    startTime,
    method,
    path: url,
    protocol: `HTTP/${httpVersion}`,
    status,
    flags: flag,
    requestBytes: 0,
    responseBytes: body.length,
    durationMs: 0,
    authority: headers.host ?? '',
    requestId: '',
    userAgent: headers['user-agent'] ?? '',
    upstreamHost: '',
    cluster: '',
    routeName: '',
    attempts: 0,
    principal: '',
    traceId: '',
    policy: '',
  };
}
