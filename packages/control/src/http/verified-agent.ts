import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { type Clock, LateenError } from '@lateen/core';
import { checkPeerSocket, clientTlsOptions, formatSpiffeId, type Svid, type TrustBundles } from '@lateen/identity';
import { DAEMON_SERVICE_ACCOUNT, SYSTEM_NAMESPACE } from '../wire.ts';

export interface VerifiedAgentOptions {
  readonly host: string;
  readonly port: number;
  /** Shown to lateend; undefined before the first certificate. */
  readonly svid: Svid | undefined;
  readonly bundles: () => TrustBundles;
  readonly trustDomain: string;
  readonly clock: Clock;
  /** Gives up handshakes that are under way. */
  readonly closed: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Before there is a certificate of our own: no client certificate, and nothing believed until `checkPeerSocket` said so. */
export const ANONYMOUS_TLS = {
  minVersion: 'TLSv1.3' as const,
  ALPNProtocols: ['http/1.1'],
  rejectUnauthorized: false,
};

/** Keep-alive connections to lateend, each handed out only after the other end proved to be it. */
export function verifiedAgent(options: VerifiedAgentOptions): Agent {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 2 });
  agent.createConnection = (_request, callback): undefined => {
    connectVerified(options).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
  };
  return agent;
}

/** A finished handshake with lateend. Rejects with `LATEEN_PEER_REFUSED` when it is somebody else. */
function connectVerified({ host, port, svid, bundles, trustDomain, clock, closed }: VerifiedAgentOptions): Promise<TLSSocket> {
  const expectedIds = new Set([
    formatSpiffeId({ trustDomain, namespace: SYSTEM_NAMESPACE, serviceAccount: DAEMON_SERVICE_ACCOUNT }),
  ]);
  return new Promise((resolve, reject) => {
    if (closed.aborted) return reject(new Error('the connection to lateend was closed'));
    const socket = connect({ host, port, ...(svid ? clientTlsOptions(svid, ['http/1.1']) : ANONYMOUS_TLS) });
    const settle = (): void => {
      timer.cancel();
      closed.removeEventListener('abort', abandon);
    };
    const fail = (error: Error): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const abandon = (): void => fail(new Error('the connection to lateend was closed'));
    closed.addEventListener('abort', abandon, { once: true });
    const timer = clock.setTimeout(() => fail(new Error(`no TLS handshake within ${CONNECT_TIMEOUT_MS} ms`)), CONNECT_TIMEOUT_MS);
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the connection was closed during the TLS handshake')));
    socket.once('secureConnect', () => {
      const check = checkPeerSocket(socket, {
        bundles: bundles(),
        nowWallMs: clock.wallNow(),
        direction: 'outbound',
        expectedIds,
      });
      if (!check.ok) return fail(new LateenError('LATEEN_PEER_REFUSED', check.message));
      settle();
      socket.removeAllListeners('close');
      socket.removeListener('error', fail);
      resolve(socket);
    });
  });
}

/** Lets go of an agent whose certificate was replaced: idle connections close now, busy ones when they are done. */
export function retireAgent(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
