import { headerValue } from '@lateen/core';
import { grpcStatusForHttp, isGrpcContentType } from '@lateen/resilience';
import type { LocalReply } from './local-reply.ts';

/** What gRPC keeps out of `grpc-message`: everything but printable ASCII, and the percent sign. */
const UNSAFE = /[^\x20-\x24\x26-\x7e]/g;

export function isGrpcRequest(headers: readonly string[]): boolean {
  const contentType = headerValue(headers, 'content-type');
  return contentType !== undefined && isGrpcContentType(contentType);
}

/** An answer of the mesh's own as gRPC callers read it: 200, its meaning and its text in headers, nothing after them. */
export function grpcReply({ status, body, headers, grpcStatus }: LocalReply): LocalReply {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString();
  return {
    status: 200,
    body: '',
    headers: [
      'content-type',
      'application/grpc',
      'grpc-status',
      String(grpcStatus ?? grpcStatusForHttp(status)),
      ...(text === '' ? [] : ['grpc-message', text.replace(UNSAFE, percentEncoded)]),
      ...headers,
    ],
  };
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
