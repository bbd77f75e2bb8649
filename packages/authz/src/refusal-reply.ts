import { headerValue } from '@lateen/core';

/** A refusal as it goes out. */
export interface RefusalReply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** A refusal in the caller's protocol: text for HTTP; for gRPC status 200 and no body, with the text in `grpc-message`. */
export function refusalReply(
  refusal: { readonly status: 401 | 403; readonly body: string; readonly wwwAuthenticate?: string },
  requestHeaders: readonly string[],
): RefusalReply {
  const challenge = refusal.wwwAuthenticate === undefined ? [] : ['www-authenticate', refusal.wwwAuthenticate];
  if (isGrpc(headerValue(requestHeaders, 'content-type'))) {
    const code = refusal.status === 401 ? UNAUTHENTICATED : PERMISSION_DENIED;
    const headers = ['content-type', 'application/grpc', 'grpc-status', String(code), 'grpc-message', refusal.body, ...challenge];
    return { status: 200, headers, body: '' };
  }
  return { status: refusal.status, headers: ['content-type', 'text/plain', ...challenge], body: refusal.body };
}

function isGrpc(contentType = ''): boolean {
  return contentType === 'application/grpc' || contentType.startsWith('application/grpc+');
}
