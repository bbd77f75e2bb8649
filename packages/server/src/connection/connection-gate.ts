import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Principal } from '@lateen/core';
import {
  acceptTls,
  checkPeerSocket,
  connectionLifetime,
  type IdentitySource,
  type Svid,
  type TrustBundles,
} from '@lateen/identity';
import type { InboundOptions } from '../inbound.ts';
import { forwardedClientCert } from '../request/forwarded-client-cert.ts';
import { InboundConnection } from './inbound-connection.ts';
import { InboundSeries } from './inbound-series.ts';
import { sniffProtocol } from './sniff.ts';

/** Takes a connection that was let through, and speaks HTTP on it. One entry per ALPN protocol. */
export type ProtocolEngine = (socket: Socket) => void;

/** Why a connection was turned away: label of `lateen_inbound_refused_total`. */
type Refusal = 'plaintext' | 'no_certificate_yet' | 'handshake' | string;

const HANDSHAKE_TIMEOUT_MS = 3_000;
/** What the listener speaks behind TLS, best first. An engine of another protocol joins here. */
const ALPN_PROTOCOLS = ['http/1.1'];

/**
 * Decides over every new connection before a byte of HTTP is read: TLS goes through the peer check, plaintext passes only where the
 * mode allows it, and what stays silent is closed.
 */
export class ConnectionGate {
  readonly #options: InboundOptions;
  readonly #series: InboundSeries;
  readonly #refused;
  readonly #open = new Set<InboundConnection>();
  readonly #unsubscribe: (() => void)[] = [];

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#series = new InboundSeries(options.metrics, options.self);
    this.#refused = options.metrics.counter({
      name: 'lateen_inbound_refused_total',
      help: 'Connections turned away before a request was read',
      labelNames: ['reason'],
    });
    this.#unsubscribe.push(
      options.mode.subscribe((mode) => mode === 'STRICT' && this.#closeWhere((connection) => !connection.principal)),
    );
    if (options.identity) {
      const { bundles } = options.identity;
      this.#unsubscribe.push(
        bundles.subscribe((known) =>
          this.#closeWhere(({ principal }) => principal !== undefined && !isTrusted(principal, known)),
        ),
      );
    }
  }

  /** Connections that requests may come on. */
  get open(): ReadonlySet<InboundConnection> {
    return this.#open;
  }

  /** Never rejects: whatever goes wrong ends in a closed socket, a counter and an event. */
  async admit(socket: Socket, engines: ReadonlyMap<string, ProtocolEngine>): Promise<void> {
    socket.on('error', ignoreReset);
    const { clock, mode, limits } = this.#options;
    if (mode.value === 'DISABLE') return this.#servePlaintext(socket, engines);
    const protocol = await sniffProtocol(socket, clock, limits?.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS);
    if (protocol === 'tls') await this.#serveTls(socket, engines);
    else if (protocol === 'plaintext' && mode.value !== 'STRICT') this.#servePlaintext(socket, engines);
    else if (protocol === 'plaintext') this.#refuse(socket, 'plaintext', 'spoke plaintext, and mTLS is STRICT here');
  }

  /** A connection that is the application's own: plaintext, and known only from its first request on. */
  adopt(socket: Socket): InboundConnection {
    return InboundConnection.of(socket) ?? this.#connection(socket, undefined, '');
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#closeWhere(() => true);
  }

  #servePlaintext(socket: Socket, engines: ReadonlyMap<string, ProtocolEngine>): void {
    this.#connection(socket, undefined, '');
    (engines.get('http/1.1') as ProtocolEngine)(socket);
    process.nextTick(resume, socket);
  }

  async #serveTls(socket: Socket, engines: ReadonlyMap<string, ProtocolEngine>): Promise<void> {
    const { identity, clock, limits } = this.#options;
    const svid = identity?.svid.value;
    if (!identity || !svid)
      return this.#refuse(socket, 'no_certificate_yet', 'offered TLS, and this process has no certificate yet');
    try {
      const handshakeTimeoutMs = limits?.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
      const secured = await acceptTls(socket, { svid, clock, alpnProtocols: ALPN_PROTOCOLS, handshakeTimeoutMs });
      secured.on('error', ignoreReset);
      this.#serveChecked(secured, svid, identity, engines);
    } catch (error) {
      this.#refuse(socket, 'handshake', (error as Error).message);
    }
  }

  #serveChecked(socket: TLSSocket, svid: Svid, identity: IdentitySource, engines: ReadonlyMap<string, ProtocolEngine>): void {
    const { clock } = this.#options;
    const nowWallMs = clock.wallNow();
    const peer = checkPeerSocket(socket, { bundles: identity.bundles.value, nowWallMs, direction: 'inbound' });
    if (!peer.ok) return this.#refuse(socket, peer.reason, peer.message);
    const engine = engines.get(socket.alpnProtocol || 'http/1.1');
    if (!engine) return this.#refuse(socket, 'protocol', `negotiated ${String(socket.alpnProtocol)}, which nobody speaks here`);
    const connection = this.#connection(socket, peer.principal, forwardedClientCert(svid.id, socket, peer.principal));
    const { retireInMs, cutInMs } = connectionLifetime(svid, peer.principal.notAfter, nowWallMs);
    connection.limit(clock, retireInMs, cutInMs);
    engine(socket);
  }

  #connection(socket: Socket, principal: Principal | undefined, clientCert: string): InboundConnection {
    const connection = new InboundConnection({
      socket,
      principal,
      series: this.#series.of(principal),
      forwardedClientCert: clientCert,
    });
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
    return connection;
  }

  #refuse(socket: Socket, reason: Refusal, message: string): void {
    const address = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    socket.destroy();
    this.#refused.inc({ reason });
    this.#options.events.emit('peer', { direction: 'inbound', address, reason: message });
    this.#options.logger.debug(`${address} ${message}`);
  }

  #closeWhere(ends: (connection: InboundConnection) => boolean): void {
    for (const connection of this.#open) if (ends(connection)) connection.socket.destroy();
  }
}

/** A peer that resets is its own affair; without a listener the error would be the process's. */
function ignoreReset(): void {}

function resume(socket: Socket): void {
  socket.resume();
}

function isTrusted(principal: Principal, bundles: TrustBundles): boolean {
  const authorities = bundles.get(principal.trustDomain)?.authorities ?? [];
  return authorities.some((authority) => authority.fingerprint256.replaceAll(':', '').toLowerCase() === principal.authority);
}
