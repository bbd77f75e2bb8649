import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type SecureContext, type Server, type TlsOptions, type TLSSocket } from 'node:tls';
import { certificateProblem } from './client-certificate.ts';
import { serverContext, versionsOf } from './server-context.ts';
import { asksForCertificate, type TlsServer } from './tls-server.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
const ALPN = ['http/1.1'];

interface Entry {
  readonly server: TlsServer;
  readonly context: SecureContext;
}

/** Takes a caller that came in, and by which server. */
export type Entered = (socket: TLSSocket, server: TlsServer) => void;

/**
 * Ends TLS on one port for all its servers: which it is, is told by the name that the caller asks for (SNI). A caller that asks for a name nobody
 * serves, or shows no certificate that it may come in by, is turned away in the handshake or right after it.
 */
export class TlsDoor {
  readonly #entries: readonly Entry[];
  readonly #engine: Server;

  /** @throws where certificates are unusable */
  constructor(servers: readonly TlsServer[], entered: Entered) {
    this.#entries = servers.map((server) => ({ server, context: serverContext(server) }));
    this.#engine = createServer({
      ...this.#defaults(servers),
      ALPNProtocols: ALPN,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      requestCert: servers.some(asksForCertificate),
      // Who may come in is each server's own affair, once it is known which it is.
      rejectUnauthorized: false,
      SNICallback: (name, answer) => {
        const entry = this.#entryFor(name);
        if (entry) answer(null, entry.context);
        else answer(new Error(`no server for ${name}`));
      },
    });
    this.#engine.on('secureConnection', (socket) => this.#check(socket, entered));
    this.#engine.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** A new connection, before its first byte is read. */
  admit(socket: Socket): void {
    this.#engine.emit('connection', socket);
  }

  /** For callers that name nobody: the server of every host, where there is one. The loosest versions, since the name is not known yet. */
  #defaults(servers: readonly TlsServer[]): TlsOptions {
    const everybody = this.#entryFor('')?.server.credentials;
    const versions = servers.map(({ spec }) => versionsOf(spec));
    const minVersion = versions.map(({ min }) => min).sort()[0];
    const maxVersion = versions
      .map(({ max }) => max)
      .sort()
      .at(-1);
    const own = everybody?.certificates ?? [];
    return {
      cert: own.map(({ cert }) => cert),
      key: own.map(({ key }) => key),
      ...(everybody?.ca ? { ca: everybody.ca } : {}),
      ...(minVersion ? { minVersion } : {}),
      ...(maxVersion ? { maxVersion } : {}),
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
  }

  /** The first of those that cover most of it. The empty name stands for none, which `*` alone covers. */
  #entryFor(name: string): Entry | undefined {
    const lower = name.toLowerCase();
    let best: Entry | undefined;
    let most = -1;
    for (const entry of this.#entries) {
      const covered = Math.max(...entry.server.hosts.map((host) => coverage(host, lower)));
      if (covered > most) [best, most] = [entry, covered];
    }
    return best;
  }

  #check(socket: TLSSocket, entered: Entered): void {
    const { servername } = socket as { readonly servername?: string | false };
    const entry = this.#entryFor(servername || '');
    if (!entry || !speaks(entry.server, socket) || certificateProblem(entry.server, socket) !== undefined) {
      socket.destroy();
      return;
    }
    entered(socket, entry.server);
  }
}

/** How much of a name a host of a server covers; -1 for none of it. An exact name covers more than any pattern. */
function coverage(host: string, name: string): number {
  if (!host.startsWith('*')) return host === name ? Number.POSITIVE_INFINITY : -1;
  const suffix = host.slice(1);
  return suffix === '' || (name.length > suffix.length && name.endsWith(suffix)) ? suffix.length : -1;
}

/** Versions and ciphers were agreed on before the name was known. */
function speaks({ spec }: TlsServer, socket: TLSSocket): boolean {
  const version = socket.getProtocol() ?? '';
  const { min, max } = versionsOf(spec);
  if (version < min || version > max) return false;
  if (!spec.cipherSuites?.length || version === 'TLSv1.3') return true;
  return spec.cipherSuites.includes(socket.getCipher().name);
}
