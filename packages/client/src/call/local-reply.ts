import { STATUS_CODES } from 'node:http';
import { type LateenErrorCode, localReplyBody, type RawHeaders } from '@lateen/core';
import { isConnectTimeout } from '../transport/connect.ts';

/** An answer that the mesh itself gives. */
export interface LocalReply {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** Besides `content-length`, `content-type` and `x-lateen-flag`. */
  readonly headers: RawHeaders;
  /** Whole as it is: rules' operations on response headers do not hold for it. */
  readonly isFinal?: boolean;
  /** What it is to a gRPC caller; follows from the status where absent. */
  readonly grpcStatus?: number | undefined;
}

/** A path that cannot be normalised. */
export const BAD_PATH: LocalReply = { status: 400, body: '', headers: [] };
export const NO_ROUTE: LocalReply = { status: 404, body: '', headers: [] };
export const HOST_REFUSED: LocalReply = { status: 502, body: '', headers: [] };

export function faultAbort(status: number, grpcStatus: number | undefined): LocalReply {
  return { status, body: 'fault filter abort', headers: [], grpcStatus };
}

export function redirectReply(status: number, location: string): LocalReply {
  return { status, body: '', headers: ['location', location] };
}

export function directReply(status: number, body: Uint8Array): LocalReply {
  return { status, body, headers: [] };
}

/** What a sidecar answers when no upstream did. */
export function failureReply(code: LateenErrorCode, status: number, retried: boolean, cause?: unknown): LocalReply {
  const body = isConnectTimeout(cause)
    ? localReplyBody(code).replace('remote connection failure', 'connection timeout')
    : localReplyBody(code);
  return {
    status,
    body: retried ? body.replace('headers. reset reason', 'headers. retried and the latest reset reason') : body,
    headers: code === 'LATEEN_OVERFLOW' || code === 'LATEEN_BREAKER_OPEN' ? ['x-envoy-overloaded', 'true'] : [],
  };
}

/** The reply's header lines. `flags`: Envoy's, comma-separated; `-` for none. */
export function replyHeaders({ body, headers }: LocalReply, flags: string): RawHeaders {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  const raw: RawHeaders = ['content-length', String(length)];
  if (length > 0) raw.push('content-type', 'text/plain');
  if (flags !== '-') raw.push('x-lateen-flag', flags);
  raw.push(...headers);
  return raw;
}

export function statusText(status: number): string {
  return STATUS_CODES[status] ?? '';
}
