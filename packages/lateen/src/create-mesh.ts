import { derive, whenValue } from '@lateen/core';
import { createClient } from '@lateen/client';
import type { InstanceDescription } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import { pathNormalization, sidecarFor } from '@lateen/routing';
import { createInbound, type InboundSelf, peerAuthenticationMode } from '@lateen/server';
import { type Foundation, layFoundation } from './foundation.ts';
import type { Mesh } from './mesh.ts';
import type { MeshOptions } from './options.ts';
import { inboundRules } from './inbound-rules.ts';
import { Registrations } from './registrations.ts';
import { RunningMesh } from './running-mesh.ts';
import { decideSettings, type MeshSettings } from './settings.ts';

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
  if (settings.passThrough)
    settings.logger.info('no config, control, discovery or identity is set: calls and servers pass through');
  const foundation = await layFoundation(settings);
  try {
    return meshOn(foundation);
  } catch (error) {
    foundation.admin?.close();
    throw error;
  }
}

function meshOn(foundation: Foundation): Mesh {
  const { settings } = foundation;
  const { logger } = settings;
  const { clock, events, config, control, identity, registries, readiness, clientOptions, inboundLog, adminAddress } = foundation;
  const { metrics, tracing } = clientOptions;
  const client = createClient(clientOptions);

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
  const { meshConfig } = settings;
  const self = inboundSelf(settings);
  const rules = derive([config.revision], (revision) =>
    inboundRules(sidecarFor({ revision, self: settings, gateways: ['mesh'], meshConfig }), self.host),
  );
  const inbound = createInbound({
    clock,
    logger,
    events,
    metrics,
    tracing,
    accessLog: inboundLog,
    identity,
    mode,
    self,
    defaults: settings.defaults,
    pathNormalization: pathNormalization(meshConfig),
    rules,
    onListening: (listener) => {
      registrations.add(listener);
      listener.server.once('close', () => void registrations.remove(listener));
    },
  });

  foundation.showOnAdmin(client);
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
    admin: foundation.admin,
    instance: settings.instance,
    drainTimeoutMs: settings.drainTimeoutMs,
    closers: [() => mode.close(), () => rules.close(), ...foundation.closers],
  });
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
  { instance, service, namespace, labels, workload, serviceAccount, mtls, locality }: MeshSettings,
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
    locality,
  };
}
