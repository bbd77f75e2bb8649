import { derive, LateenError, systemClock, systemRandom, whenValue } from '@lateen/core';
import { createClient, type ClientSelf } from '@lateen/client';
import { connectControl, type ControlClient } from '@lateen/control';
import type { InstanceDescription } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import { createInbound, type InboundSelf, peerAuthenticationMode } from '@lateen/server';
import { createAccessLog, createTracing, MeshMetrics } from '@lateen/telemetry';
import { adminRoutes } from './admin/admin-routes.ts';
import { type AdminRoute, type AdminServer, startAdminServer } from './admin/admin-server.ts';
import { EventBus } from './event-bus.ts';
import type { Mesh } from './mesh.ts';
import type { MeshOptions } from './options.ts';
import { Readiness } from './readiness.ts';
import { readinessConditions } from './readiness-conditions.ts';
import { Registrations } from './registrations.ts';
import { RunningMesh } from './running-mesh.ts';
import { decideSettings, type MeshSettings } from './settings.ts';
import { configSource } from './sources/config-source.ts';
import { identitySource } from './sources/identity-source.ts';
import { registrySource } from './sources/registry-source.ts';

const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/**
 * Brings this process into the mesh. Resolves at once when the configuration makes sense, also while lateend is down: `mesh.ready` tells when
 * identity, endpoints and configuration are there.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` for an impossible option, `LATEEN_CONFIG_INVALID` for given YAML with errors, `LATEEN_PORT_IN_USE` for a
 * taken admin port that was asked for.
 */
export async function createMesh(options: MeshOptions = {}): Promise<Mesh> {
  const settings = decideSettings(options, process.env);
  return startMesh(settings.enabled ? settings : withoutMesh(settings));
}

/** `enabled: false`: whatever else is set, calls and servers are the plain ones. */
function withoutMesh(settings: MeshSettings): MeshSettings {
  return {
    ...settings,
    config: undefined,
    control: undefined,
    identity: false,
    discovery: [],
    mtls: 'DISABLE',
    admin: undefined,
    accessLog: 'off',
    passThrough: true,
  };
}

async function startMesh(settings: MeshSettings): Promise<Mesh> {
  // The admin endpoint comes first: whoever hears of this process hears its address. Its routes follow below, before anybody can have heard.
  const routes = new Map<string, AdminRoute>();
  const admin = settings.admin && wantsAdmin(settings) ? await startAdminServer({ ...settings.admin, routes }) : undefined;
  try {
    return await joinMesh(settings, admin, routes);
  } catch (error) {
    admin?.close();
    throw error;
  }
}

/** A process that only passes through opens no port unless it was told to. */
function wantsAdmin({ passThrough, admin }: MeshSettings): boolean {
  return !passThrough || admin?.exact === true;
}

async function joinMesh(settings: MeshSettings, admin: AdminServer | undefined, routes: Map<string, AdminRoute>): Promise<Mesh> {
  const { logger } = settings;
  const clock = systemClock;
  const random = systemRandom;
  const events = new EventBus(clock);
  const adminAddress = (): string => admin?.address ?? '';
  if (settings.passThrough) logger.info('no config, control, discovery or identity is set: calls and servers pass through');

  const control = settings.control === undefined ? undefined : connect(settings, adminAddress, events);
  const config = await configSource({ settings, control, clock, logger });
  const identity = identitySource(settings, control, clock, logger);
  const { registries, merged } = registrySource({ settings, control, revision: config.revision, clock, random, logger, events });
  const readiness = new Readiness(readinessConditions(identity, config, registries));

  const metrics = new MeshMetrics({ logger });
  const tracing = createTracing({
    serviceName: settings.service,
    attributes: resourceAttributes(settings),
    clock,
    random,
    logger,
  });
  const accessLog = createAccessLog(settings.accessLog);
  const client = createClient({
    clock,
    random,
    logger,
    events,
    metrics,
    tracing,
    accessLog,
    identity,
    revision: config.revision,
    registry: merged,
    self: clientSelf(settings),
    defaults: settings.defaults,
    errors: settings.errors,
    protocol: settings.protocol,
    outboundTrafficPolicy: settings.outboundTrafficPolicy,
  });

  const registrations = new Registrations({
    registries,
    instance: instanceDescription(settings, identity),
    advertise: settings.advertise,
    adminAddress,
    identityReady: identity ? whenValue(identity.svid, (svid) => svid !== undefined).then(() => {}) : Promise.resolve(),
    clock,
    logger,
  });
  const mode = derive([config.revision], (revision) => peerAuthenticationMode(revision, settings, settings.mtls));
  const inbound = createInbound({
    clock,
    logger,
    events,
    metrics,
    tracing,
    accessLog,
    identity,
    mode,
    self: inboundSelf(settings),
    defaults: settings.defaults,
    onListening: (listener) => registrations.add(listener),
  });

  for (const [path, route] of adminRoutes({ metrics, readiness, client, revision: config.revision, identity, events }))
    routes.set(path, route);
  const closers = [() => mode.close(), () => config.close(), () => merged.close(), () => identity?.close()];
  const { instance, drainTimeoutMs } = settings;
  return new RunningMesh({
    readiness,
    registrations,
    inbound,
    client,
    tracing,
    control,
    logger,
    metrics,
    events,
    admin,
    instance,
    drainTimeoutMs,
    closers,
  });
}

function connect(settings: MeshSettings, adminAddress: () => string, events: EventBus): ControlClient {
  const { namespace, serviceAccount, service, workload, instance, state, logger, identity, config } = settings;
  const tokenFile = identity && 'tokenFile' in identity ? identity.tokenFile : undefined;
  if (identity === false) {
    throw new LateenError('LATEEN_BAD_OPTION', 'control is set and identity is false', {
      hint: 'lateend speaks only with whom it knows; drop one of the two',
    });
  }
  return connectControl({
    url: settings.control as string,
    namespace,
    serviceAccount,
    service,
    workload,
    instance,
    adminAddress,
    logger,
    events,
    ...(tokenFile ? { tokenFile } : {}),
    ...(state ? { stateDir: state } : {}),
    followConfig: config === 'lateend',
    clock: systemClock,
    random: systemRandom,
  });
}

function clientSelf({ service, namespace, labels, workload, serviceAccount, instance, version }: MeshSettings): ClientSelf {
  return { service, namespace, labels, workload, serviceAccount, instance, version };
}

function inboundSelf({ service, namespace, workload, version, serviceAccount }: MeshSettings): InboundSelf {
  return {
    service,
    namespace,
    workload,
    version,
    app: service,
    host: `${service}.${namespace}.svc.cluster.local`,
    principal: `spiffe://${DEFAULT_TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`,
  };
}

function instanceDescription(
  { instance, service, namespace, labels, workload, serviceAccount, mtls }: MeshSettings,
  identity: IdentitySource | undefined,
): Omit<InstanceDescription, 'address' | 'port' | 'servicePort' | 'portName' | 'admin'> {
  return {
    instance,
    service,
    namespace,
    labels,
    workload,
    serviceAccount,
    tls: identity && mtls !== 'DISABLE' ? 'mutual' : 'none',
    protocols: ['http/1.1'],
    weight: 1,
    locality: '',
  };
}

function resourceAttributes({ namespace, version, instance }: MeshSettings): Record<string, string> {
  return { 'service.namespace': namespace, 'service.instance.id': instance, ...(version ? { 'service.version': version } : {}) };
}
