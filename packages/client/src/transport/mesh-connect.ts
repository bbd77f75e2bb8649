import { connect as tlsConnect } from 'node:tls';
import { type EventSink, LateenError } from '@lateen/core';
import { checkPeerSocket, clientTlsOptions, connectionLifetime, type IdentitySource } from '@lateen/identity';
import { addressText, type Connect, type DialTarget, whenConnected } from './connect.ts';

export interface MeshConnectOptions extends DialTarget {
  /** Read for each connection, so that a renewed certificate is used from the next one on. */
  readonly identity: IdentitySource;
  /** SPIFFE IDs the server may have; none accepted when empty. */
  readonly expectedIds: readonly string[];
  /** Host called, for messages. */
  readonly host: string;
  readonly events: EventSink;
}

const ALPN = ['http/1.1'];

/** Mutual TLS between workloads. The server's SPIFFE ID is checked before a byte of any request is written. */
export function meshConnect(options: MeshConnectOptions): Connect {
  const expectedIds: ReadonlySet<string> = new Set(options.expectedIds);
  return (done) => {
    const svid = options.identity.svid.value;
    if (!svid) return queueMicrotask(() => done(identityMissing(options.host, options.identity.problem.value), null));
    const socket = tlsConnect({ host: options.address, port: options.port, ...clientTlsOptions(svid, ALPN) });
    whenConnected(socket, 'secureConnect', options, (error) => {
      if (error) return done(error, null);
      const nowWallMs = options.clock.wallNow();
      const check = checkPeerSocket(socket, {
        bundles: options.identity.bundles.value,
        nowWallMs,
        direction: 'outbound',
        expectedIds,
      });
      if (check.ok) return done(null, { socket, lifetime: connectionLifetime(svid, check.principal.notAfter, nowWallMs) });
      socket.on('error', () => {}).destroy();
      options.events.emit('peer', { direction: 'outbound', address: addressText(options), reason: check.reason });
      done(peerRefused(options, check.message), null);
    });
  };
}

export function identityMissing(host: string, problem: string | undefined): LateenError {
  const why = problem ?? 'the process has no certificate yet';
  return new LateenError('LATEEN_IDENTITY_MISSING', `${host} takes mTLS only, and ${why}`, {
    target: host,
    hint: 'wait for mesh.ready, or see /healthz/ready',
  });
}

function peerRefused(options: MeshConnectOptions, message: string): LateenError {
  return new LateenError('LATEEN_PEER_REFUSED', `${addressText(options)} may not serve ${options.host}: ${message}`, {
    target: options.host,
  });
}
