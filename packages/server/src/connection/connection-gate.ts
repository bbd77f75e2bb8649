import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Principal } from '@lateen/core';
import { acceptTls, checkPeerSocket, connectionLifetime, type IdentitySource, type Svid } from '@lateen/identity';
import type { InboundOptions } from '../inbound.ts';
import { forwardedClientCert } from '../request/forwarded-client-cert.ts';
import { InboundConnection } from './inbound-connection.ts';
import { InboundSeries } from './inbound-series.ts';
import { OpenConnections } from './open-connections.ts';
import { sniffProtocol } from './sniff.ts';

/** Takes a connection that was let through, and speaks HTTP on it. */
export type ProtocolEngine = (socket: Socket) => void;

/** What a listener speaks, by ALPN name, best first. Plaintext speaks the last. */
export type ProtocolEngines = ReadonlyMap<string, ProtocolEngine>;

const HANDSHAKE_TIMEOUT_MS = 3_000;
/** What a peer means that negotiates nothing: RFC 9110 over TLS. */
const DEFAULT_PROTOCOL = 'http/1.1';

/**
 * Decides over every new connection before a byte of HTTP is read: TLS goes through the peer check, plaintext passes only where the
 * mode allows it, and what stays silent is closed.
 */
export class ConnectionGate {
  readonly open: OpenConnections;
  readonly #options: InboundOptions;
  readonly #series: InboundSeries;
  readonly #refused;
  /** Not through yet. */
  readonly #entering = new Set<Socket>();
  #closed = false;

  constructor(options: InboundOptions) {
    this.open = new OpenConnections(options);
    this.#options = options;
    this.#series = new InboundSeries(options.metrics, options.self);
    this.#refused = options.metrics.counter({
      name: 'lateen_inbound_refused_total',
      help: 'Connections turned away before a request was read',
      labelNames: ['reason'],
    });
  }

  /** Never rejects: whatever goes wrong ends in a closed socket, a counter and an event. */
  async admit(socket: Socket, engines: ProtocolEngines): Promise<void> {
    if (this.#closed) return void socket.destroy();
    socket.on('error', ignoreReset);
    this.#entering.add(socket);
    socket.once('close', () => this.#entering.delete(socket));
    if (this.#options.identity) await this.#admitSniffed(socket, this.#options.identity, engines);
    else if (this.#options.mode.value === 'STRICT') this.#refusePlaintext(socket);
    else this.#servePlaintext(socket, engines);
  }

  /** A connection that is the application's own: plaintext, and known only from its first request on. */
  adopt(socket: Socket): InboundConnection {
    return InboundConnection.of(socket) ?? this.#connection(socket, undefined, '');
  }

  /** Counts and tells; for a request that is refused by an answer instead of a closed connection. */
  report(socket: Socket, reason: string, message: string): void {
    const address = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    this.#refused.inc({ reason });
    this.#options.events.emit('peer', { direction: 'inbound', address, reason: message });
    this.#options.logger.debug(`${address} ${message}`);
  }

  close(): void {
    this.#closed = true;
    for (const socket of this.#entering) socket.destroy();
    this.open.endAll();
  }

  async #admitSniffed(socket: Socket, identity: IdentitySource, engines: ProtocolEngines): Promise<void> {
    const { clock, mode } = this.#options;
    const protocol = await sniffProtocol(socket, clock, this.#handshakeTimeoutMs);
    if (!protocol || socket.destroyed) return;
    const svid = identity.svid.value;
    if (protocol === 'tls') {
      if (svid) await this.#serveTls(socket, svid, identity, engines);
      else this.#refuse(socket, 'no_certificate_yet', 'offered TLS, and this process has no certificate yet');
    } else if (mode.value === 'STRICT') this.#refusePlaintext(socket);
    else if (mode.value === 'PERMISSIVE' && !svid)
      this.#refuse(socket, 'no_certificate_yet', 'came before this process had a certificate');
    else this.#servePlaintext(socket, engines);
  }

  get #handshakeTimeoutMs(): number {
    return this.#options.limits?.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  }

  #servePlaintext(socket: Socket, engines: ProtocolEngines): void {
    this.open.add(this.#connection(socket, undefined, ''));
    this.#entering.delete(socket);
    (engines.get(DEFAULT_PROTOCOL) as ProtocolEngine)(socket);
    process.nextTick(resume, socket);
  }

  async #serveTls(socket: Socket, svid: Svid, identity: IdentitySource, engines: ProtocolEngines): Promise<void> {
    const { clock } = this.#options;
    const handshakeTimeoutMs = this.#handshakeTimeoutMs;
    try {
      const secured = await acceptTls(socket, { svid, clock, alpnProtocols: [...engines.keys()], handshakeTimeoutMs });
      if (!secured.destroyed) this.#serveChecked(secured, svid, identity, engines);
    } catch (error) {
      this.#refuse(socket, 'handshake', (error as Error).message);
    }
    this.#entering.delete(socket);
  }

  #serveChecked(socket: TLSSocket, svid: Svid, identity: IdentitySource, engines: ProtocolEngines): void {
    const { clock } = this.#options;
    const nowWallMs = clock.wallNow();
    const peer = checkPeerSocket(socket, { bundles: identity.bundles.value, nowWallMs, direction: 'inbound' });
    if (!peer.ok) return this.#refuse(socket, peer.reason, peer.message);
    const engine = engines.get(socket.alpnProtocol || DEFAULT_PROTOCOL);
    if (!engine) return this.#refuse(socket, 'protocol', `negotiated ${String(socket.alpnProtocol)}, which nobody speaks here`);
    const { principal } = peer;
    const connection = this.#connection(socket, principal, forwardedClientCert(svid.id, socket, principal));
    this.open.add(connection, connectionLifetime(svid, principal.notAfter, nowWallMs));
    engine(socket);
  }

  #connection(socket: Socket, principal: Principal | undefined, clientCert: string): InboundConnection {
    return new InboundConnection({ socket, principal, series: this.#series.of(principal), forwardedClientCert: clientCert });
  }

  #refusePlaintext(socket: Socket): void {
    this.#refuse(socket, 'plaintext', 'spoke plaintext, and mTLS is STRICT here');
  }

  #refuse(socket: Socket, reason: string, message: string): void {
    this.report(socket, reason, message);
    socket.destroy();
  }
}

/** A peer that resets is its own affair; without a listener the error would be the process's. */
function ignoreReset(): void {}

function resume(socket: Socket): void {
  socket.resume();
}
