import type { SendCheck } from '@lateen/authz';
import { headerValue } from '@lateen/core';
import type { Backend } from './corpus.ts';

export interface ServiceCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The authorization service of the corpus, in memory. */
export function authorizationService(backend: () => Backend): {
  readonly send: SendCheck;
  readonly calls: readonly ServiceCall[];
} {
  const calls: ServiceCall[] = [];
  const send: SendCheck = async ({ method, path, headers, body, timeoutMs }) => {
    const { refuse, delayMs = 0, extAuthz = {}, status } = backend();
    if (refuse) throw new Error('connection refused');
    const named = Object.fromEntries(headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? '']] : [])));
    calls.push({ method, path, headers: named, body: Buffer.from(body).toString() });
    if (delayMs > timeoutMs) throw new Error('timeout');
    if (status !== undefined) return { status, headers: [], body: new Uint8Array() };
    const allowed = headerValue(headers, 'x-ext-authz') === 'allow';
    const extra = Object.entries((allowed ? extAuthz.allow : extAuthz.deny) ?? {}).flat();
    return {
      status: allowed ? 200 : (extAuthz.denyStatus ?? 403),
      headers: [...extra, 'x-ext-authz-check-result', allowed ? 'allowed' : 'denied'],
      body: Buffer.from(allowed ? '' : 'denied by ext_authz for not found header `x-ext-authz: allow` in the request'),
    };
  };
  return { send, calls };
}
