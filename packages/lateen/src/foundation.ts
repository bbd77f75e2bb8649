import { type Clock, LateenError, type Random, systemClock, systemRandom } from '@lateen/core';
import type { ClientOptions } from '@lateen/client';
import { connectControl, type ControlClient } from '@lateen/control';
import type { Registry } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import { type AccessLog, createAccessLog, createTracing, MeshMetrics } from '@lateen/telemetry';
import { adminRoutes, type AdminView } from './admin/admin-routes.ts';
import { type AdminRoute, type AdminServer, startAdminServer } from './admin/admin-server.ts';
import { EventBus } from './event-bus.ts';
import { Readiness, type ReadinessCondition } from './readiness.ts';
import { readinessConditions } from './readiness-conditions.ts';
import type { MeshSettings } from './settings.ts';
import { type ConfigSource, configSource } from './sources/config-source.ts';
import { followTelemetry } from './follow-telemetry.ts';
import { identitySource } from './sources/identity-source.ts';
import { registrySource } from './sources/registry-source.ts';

/**
 * What a process of the mesh stands on before it has calls or servers of its own: configuration, identity, endpoints, telemetry, admin
 * endpoint. `createMesh` and the ingress gateway build on it; not for applications.
 */
export interface Foundation {
  readonly settings: MeshSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventBus;
  readonly control: ControlClient | undefined;
  readonly config: ConfigSource;
  readonly identity: IdentitySource | undefined;
  /** Each source by itself: registrations go to all that take them. */
  readonly registries: readonly Registry[];
  readonly readiness: Readiness;
  /** Everything that `createClient` takes, the access log of calls, metrics and tracing of the process among it. */
  readonly clientOptions: ClientOptions;
  /** The access log of what is served. */
  readonly inboundLog: AccessLog;
  /** Open already, so that whoever hears of this process hears its address; undefined where there is to be none. */
  readonly admin: AdminServer | undefined;
  /** `host:port`, empty without an admin endpoint. */
  readonly adminAddress: () => string;
  /** Gives the admin endpoint its paths. Call it before anybody can have heard of the address: in the turn this came to be. */
  showOnAdmin(client: AdminView['client']): void;
  /** What has only to be let go of, in this order, when calls and servers have ended. */
  readonly closers: readonly (() => unknown)[];
}

/**
 * Brings the parts up; none of them waits for lateend or a registry.
 *
 * @param further what has to hold besides for the process to be ready
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` for given YAML with errors, `LATEEN_PORT_IN_USE` for a taken admin port that was asked for.
 */
export async function layFoundation(settings: MeshSettings, further: readonly ReadinessCondition[] = []): Promise<Foundation> {
  const routes = new Map<string, AdminRoute>();
  const admin = settings.admin && wantsAdmin(settings) ? await startAdminServer({ ...settings.admin, routes }) : undefined;
  try {
    return await layUpon(settings, further, admin, routes);
  } catch (error) {
    admin?.close();
    throw error;
  }
}

/** A process that only passes through opens no port unless it was told to. */
function wantsAdmin({ passThrough, admin }: MeshSettings): boolean {
  return !passThrough || admin?.exact === true;
}

async function layUpon(
  settings: MeshSettings,
  further: readonly ReadinessCondition[],
  admin: AdminServer | undefined,
  routes: Map<string, AdminRoute>,
): Promise<Foundation> {
  const { logger } = settings;
  const clock = systemClock;
  const random = systemRandom;
  const events = new EventBus(clock);
  const adminAddress = (): string => admin?.address ?? '';

  const control = settings.control === undefined ? undefined : connect(settings, adminAddress, events);
  const config = await configSource({ settings, control, clock, logger });
  const identity = identitySource(settings, control, clock, logger);
  const { revision } = config;
  const { registries, merged } = registrySource({ settings, control, identity, revision, clock, random, logger, events });
  const readiness = new Readiness([...readinessConditions(identity, config, registries), ...further]);
  const metrics = new MeshMetrics({ logger });

  const tracing = createTracing({
    serviceName: settings.service,
    attributes: resourceAttributes(settings),
    clock,
    random,
    logger,
  });
  const outboundLog = createAccessLog(settings.accessLog);
  const inboundLog = outboundLog.beside();
  const unfollow = followTelemetry(revision, { metrics, tracing, outboundLog, inboundLog }, settings, logger);

  const clientOptions: ClientOptions = {
    clock,
    random,
    logger,
    events,
    metrics,
    tracing,
    accessLog: outboundLog,
    identity,
    revision,
    registry: merged,
    self: settings,
    defaults: settings.defaults,
    errors: settings.errors,
    protocol: settings.protocol,
    outboundTrafficPolicy: settings.outboundTrafficPolicy,
    meshConfig: settings.meshConfig,
  };
  return {
    settings,
    clock,
    random,
    events,
    control,
    config,
    identity,
    registries,
    readiness,
    clientOptions,
    inboundLog,
    admin,
    adminAddress,
    showOnAdmin(client) {
      for (const [path, route] of adminRoutes({ metrics, readiness, client, revision, identity, events }))
        routes.set(path, route);
    },
    closers: [unfollow, () => config.close(), () => merged.close(), () => identity?.close()],
  };
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

function resourceAttributes({ namespace, version, instance }: MeshSettings): Record<string, string> {
  return { 'service.namespace': namespace, 'service.instance.id': instance, ...(version ? { 'service.version': version } : {}) };
}
