import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who is signed in, kept in a signed cookie: `session=<user, base64url>.<HMAC-SHA256, base64url>`. */
export interface Sessions {
  /** The `set-cookie` line that signs a user in. */
  open(user: string): string;
  /** The `set-cookie` line that signs whoever it is out. */
  end(): string;
  /** Undefined when nobody is signed in, or the cookie is not one of ours. */
  userOf(request: IncomingMessage): string | undefined;
}

/** Processes that share `secret` know each other's sessions. */
export function signedSessions(secret: string | Buffer): Sessions {
  const signatureOf = (payload: string): Buffer => createHmac('sha256', secret).update(payload).digest();

  return {
    open(user) {
      const payload = Buffer.from(user).toString('base64url');
      return `session=${payload}.${signatureOf(payload).toString('base64url')}; HttpOnly; Path=/`;
    },
    end: () => 'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/',
    userOf(request) {
      const [payload = '', signature = ''] = (cookie(request, 'session') ?? '').split('.');
      const given = Buffer.from(signature, 'base64url');
      const due = signatureOf(payload);
      if (payload === '' || given.length !== due.length || !timingSafeEqual(given, due)) return undefined;
      return Buffer.from(payload, 'base64url').toString();
    },
  };
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
