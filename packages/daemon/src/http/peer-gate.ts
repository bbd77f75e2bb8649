import { constants } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { ADMIN_SERVICE_ACCOUNT, SYSTEM_NAMESPACE } from '@lateen/control';
import type { Clock, Watched } from '@lateen/core';
import { checkPeerSocket, type PeerCheck, type PeerIdentity, type TrustBundle } from '@lateen/identity';
import { ApiError } from './api-error.ts';
import type { Access } from './route.ts';

export const NO_TICKETS = constants.SSL_OP_NO_TICKET;

/** Decides who is at the other end of a TLS connection, once, and cuts the connection when their certificate ends. */
export class PeerGate {
  readonly #trustDomain: string;
  readonly #bundle: Watched<TrustBundle>;
  readonly #clock: Clock;
  readonly #checks = new WeakMap<TLSSocket, PeerCheck>();

  constructor(trustDomain: string, bundle: Watched<TrustBundle>, clock: Clock) {
    this.#trustDomain = trustDomain;
    this.#bundle = bundle;
    this.#clock = clock;
  }

  /** For `secureConnection`: before any byte of HTTP is read. A bad certificate is told to the caller, route by route. */
  inspect(socket: TLSSocket): void {
    const check = checkPeerSocket(socket, {
      bundles: new Map([[this.#trustDomain, this.#bundle.value]]),
      nowWallMs: this.#clock.wallNow(),
      direction: 'inbound',
    });
    this.#checks.set(socket, check);
    if (!check.ok) return;
    const timer = this.#clock.setTimeout(() => socket.destroy(), check.principal.notAfter - this.#clock.wallNow());
    socket.once('close', () => timer.cancel());
  }

  /** @throws {ApiError} 401 without a valid certificate where one is needed, 403 where it is not the administrator's. */
  authorize(request: IncomingMessage, access: Access): PeerIdentity | undefined {
    const check = this.#checks.get(request.socket as TLSSocket);
    const peer = check?.ok && check.principal.notAfter > this.#clock.wallNow() ? check : undefined;
    if (access === 'anyone') return peer;
    if (!peer) throw new ApiError(401, 'unauthenticated', check && !check.ok ? check.message : 'the certificate has expired');
    if (access === 'admin' && !this.#isAdmin(peer)) {
      throw new ApiError(403, 'forbidden', `only the administrator may do this, and the certificate is ${peer.principal.id}`);
    }
    return peer;
  }

  #isAdmin({ principal }: PeerIdentity): boolean {
    const { trustDomain, namespace, serviceAccount } = principal;
    return trustDomain === this.#trustDomain && namespace === SYSTEM_NAMESPACE && serviceAccount === ADMIN_SERVICE_ACCOUNT;
  }
}
