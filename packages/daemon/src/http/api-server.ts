import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Watched } from '@lateen/core';
import type { Svid } from '@lateen/identity';
import { NO_TICKETS, type PeerGate } from './peer-gate.ts';
import { SERVER_LIMITS } from './server-limits.ts';

/** lateend's TLS 1.3 listener: a client certificate is asked for, never demanded; the gate and the routes decide. */
export function apiServer(svid: Watched<Svid>, gate: PeerGate, handler: RequestListener): Server {
  const server = createServer(
    {
      ...SERVER_LIMITS,
      ...credentials(svid.value),
      ALPNProtocols: ['http/1.1'],
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: 3_000,
    },
    handler,
  );
  server.prependListener('secureConnection', (socket: TLSSocket) => gate.inspect(socket));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  svid.subscribe((renewed) => server.setSecureContext(credentials(renewed)));
  return server;
}

function credentials({ certificatePem, privateKeyPem }: Svid) {
  return { cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.3' as const, secureOptions: NO_TICKETS };
}
