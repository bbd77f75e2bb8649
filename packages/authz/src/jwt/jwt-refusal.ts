import { JWT_STATUS, type JwtStatus } from './jwt-status.ts';
import { withoutParam } from './request-parts.ts';

/** The answer to a request with a token that isn't believed. */
export interface JwtRefusal {
  readonly status: 401 | 403;
  readonly body: JwtStatus;
  /** For the access log. */
  readonly details: string;
  readonly wwwAuthenticate: string;
}

const MAX_REALM = 256;

/** @param params query parameters that hold tokens: what is in them is not repeated to anybody. */
export function jwtRefusal(
  status: JwtStatus,
  { scheme, host, path }: { readonly scheme: string; readonly host: string; readonly path: string },
  params: readonly string[],
): JwtRefusal {
  const url = `${scheme}://${host}${params.reduce(withoutParam, path)}`;
  const realm = url.replace(/[^\u0021-\u007e]|["\\]/g, encoded).slice(0, MAX_REALM);
  return {
    status: status === JWT_STATUS.audience ? 403 : 401,
    body: status,
    details: `jwt_authn_access_denied{${status.replaceAll(' ', '_')}}`,
    wwwAuthenticate: `Bearer realm="${realm}", error="invalid_token"`,
  };
}

function encoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
