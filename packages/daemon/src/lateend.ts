import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import {
  ADMIN_SERVICE_ACCOUNT,
  adminPointer,
  DAEMON_SERVICE_ACCOUNT,
  type JoinTokenBody,
  type JoinTokenReply,
} from '@lateen/control';
import { systemRandom } from '@lateen/core';
import { ensurePrivateFolder } from '@lateen/identity';
import { Closers } from './closers.ts';
import { type ControlPlane, DEFAULT_LEAF_TTL_MS, openControlPlane } from './control-plane.ts';
import type { Daemon, DaemonOptions } from './daemon.ts';
import { apiHandler } from './http/api-handler.ts';
import { apiServer } from './http/api-server.ts';
import { serverCloser } from './http/close-server.ts';
import { listenFrom, listenOn } from './http/listen.ts';
import { PeerGate } from './http/peer-gate.ts';
import type { Route } from './http/route.ts';
import { SERVER_LIMITS } from './http/server-limits.ts';
import { AdminCredentials } from './identity/admin-credentials.ts';
import { bundleDocument } from './identity/bundle-document.ts';
import { systemCertificate } from './identity/system-certificate.ts';
import { openLocalSocket, refuseSecondDaemon } from './local/local-socket.ts';
import { packageVersion } from './package-version.ts';
import { authorityRoutes, createToken } from './routes/authority-routes.ts';
import { configRoutes } from './routes/config-routes.ts';
import { identityRoutes } from './routes/identity-routes.ts';
import { instanceRoutes } from './routes/instance-routes.ts';
import { plainRoutes } from './routes/plain-routes.ts';
import { statusRoutes } from './routes/status-routes.ts';
import { watchRoutes } from './routes/watch-routes.ts';

const DEFAULT_PORT = 15_012;
const DEFAULT_ADMIN_PORT = 15_014;

/** lateend as built: the control plane, and its three doors: TLS, the local socket, and plaintext probes. */
export class Lateend implements Daemon {
  readonly url: string;
  readonly port: number;
  readonly adminPort: number;
  readonly statePath: string;
  readonly revision: number;
  readonly #plane: ControlPlane;
  readonly #closers: Closers;

  private constructor(
    ports: { url: string; port: number; adminPort: number },
    statePath: string,
    plane: ControlPlane,
    closers: Closers,
  ) {
    this.url = ports.url;
    this.port = ports.port;
    this.adminPort = ports.adminPort;
    this.statePath = statePath;
    this.revision = plane.config.revision.number;
    this.#plane = plane;
    this.#closers = closers;
  }

  /** Builds from the bottom up. Whatever fails on the way closes what stands already. */
  static async start(options: DaemonOptions): Promise<Lateend> {
    const closers = new Closers();
    try {
      return await Lateend.#assemble(options, closers);
    } catch (error) {
      await closers.closeAll().catch(() => {});
      throw error;
    }
  }

  static async #assemble(options: DaemonOptions, closers: Closers): Promise<Lateend> {
    const stateDir = resolve(options.stateDir);
    await ensurePrivateFolder(stateDir);
    await refuseSecondDaemon(stateDir);
    const version = await packageVersion();
    const plane = await openControlPlane({ ...options, stateDir }, version, closers);
    const routes = adminRoutes(plane, options);
    const { url, port } = await openApi(options, plane, [...memberRoutes(plane), ...routes], closers);
    await openLocal(stateDir, routes, options, closers);
    await publishCredentials({ ...options, stateDir }, plane, url, closers);
    // Last: who finds it ready finds the credentials too.
    const adminPort = await openPlain(options, plane, closers);
    return new Lateend({ url, port, adminPort }, stateDir, plane, closers);
  }

  createToken(request: JoinTokenBody): Promise<JoinTokenReply> {
    return createToken(this.#plane.authority, request);
  }

  close(): Promise<void> {
    return this.#closers.closeAll();
  }
}

function memberRoutes({ authority, hub, processes, registry }: ControlPlane): Route[] {
  return [...identityRoutes(authority), ...watchRoutes(hub, processes, registry), ...instanceRoutes(registry, hub)];
}

function adminRoutes({ authority, config, status }: ControlPlane, { leafTtlMs = DEFAULT_LEAF_TTL_MS }: DaemonOptions): Route[] {
  return [...configRoutes(config), ...statusRoutes(status), ...authorityRoutes(authority, leafTtlMs)];
}

async function openApi(
  { host = '127.0.0.1', port = DEFAULT_PORT, clock, logger, leafTtlMs = DEFAULT_LEAF_TTL_MS }: DaemonOptions,
  { authority }: ControlPlane,
  routes: readonly Route[],
  closers: Closers,
): Promise<{ url: string; port: number }> {
  const serviceAccount = DAEMON_SERVICE_ACCOUNT;
  const own = await systemCertificate({ authority, serviceAccount, leafTtlMs, clock, random: systemRandom, logger });
  closers.add(() => own.close());
  const gate = new PeerGate(authority.trustDomain, authority.bundle, clock);
  const handler = apiHandler({ routes, authorize: (request, access) => gate.authorize(request, access), logger });
  const server = apiServer(own.svid, gate, handler);
  closers.add(serverCloser(server));
  const bound = await listenOn(server, host, port, 'stop what listens there, or choose another with --port');
  return { url: `https://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound };
}

/** Whoever reaches the socket is the administrator: the file system says who may. */
async function openLocal(stateDir: string, routes: readonly Route[], { logger }: DaemonOptions, closers: Closers): Promise<void> {
  const handler = apiHandler({ routes, authorize: () => undefined, logger });
  const server = await openLocalSocket(stateDir, handler, logger);
  if (server) closers.add(serverCloser(server));
}

async function openPlain({ adminPort, logger }: DaemonOptions, { status }: ControlPlane, closers: Closers): Promise<number> {
  if (adminPort === false) return 0;
  let bound = 0;
  const routes = plainRoutes(status, () => `127.0.0.1:${bound}`);
  const server: Server = createServer(SERVER_LIMITS, apiHandler({ routes, authorize: () => undefined, logger }));
  closers.add(serverCloser(server));
  const mend = 'stop what listens there, or choose another with --admin-port';
  bound =
    adminPort === undefined
      ? await listenFrom(server, '127.0.0.1', DEFAULT_ADMIN_PORT, mend)
      : await listenOn(server, '127.0.0.1', adminPort, mend);
  return bound;
}

async function publishCredentials(
  options: DaemonOptions,
  { authority }: ControlPlane,
  url: string,
  closers: Closers,
): Promise<void> {
  const { stateDir, clock, logger, leafTtlMs = DEFAULT_LEAF_TTL_MS, pointerFile = adminPointer(process.env) } = options;
  const serviceAccount = ADMIN_SERVICE_ACCOUNT;
  const admin = await systemCertificate({ authority, serviceAccount, leafTtlMs, clock, random: systemRandom, logger });
  closers.add(() => admin.close());
  const credentials = new AdminCredentials({
    stateDir,
    url,
    rootPin: authority.rootPin,
    bundle: () => bundleDocument(authority.bundle.value),
    svid: admin.svid,
    pointerFile,
    logger,
  });
  closers.add(() => credentials.close());
  closers.add(authority.bundle.subscribe(() => credentials.refresh()));
  await credentials.publish();
}
