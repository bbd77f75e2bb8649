import { join } from 'node:path';
import { CertificateAuthority } from '@lateen/ca';
import { serviceHost, type StatusReply } from '@lateen/control';
import { LateenError } from '@lateen/core';
import { ConfigStore } from './config/config-store.ts';
import { RevisionLog } from './config/revision-log.ts';
import { seedFiles } from './config/seed-files.ts';
import type { Closers } from './closers.ts';
import type { DaemonOptions } from './daemon.ts';
import { ApiError } from './http/api-error.ts';
import { bundleDocument } from './identity/bundle-document.ts';
import { loadRegistryState } from './registry/registry-state.ts';
import { RegistryStore } from './registry/registry-store.ts';
import { ProcessTable } from './watch/process-table.ts';
import { WatchHub } from './watch/watch-hub.ts';

export const DEFAULT_LEAF_TTL_MS = 3_600_000;
const DEFAULT_LEASE_MS = 10_000;

/** What lateend knows and decides, without the servers in front of it. */
export interface ControlPlane {
  readonly authority: CertificateAuthority;
  readonly registry: RegistryStore;
  readonly config: ConfigStore;
  readonly processes: ProcessTable;
  readonly hub: WatchHub;
  status(): StatusReply;
}

/** Opens authority, configuration and registry on the state folder and joins them by the hub that tells the processes. */
export async function openControlPlane(options: DaemonOptions, version: string, closers: Closers): Promise<ControlPlane> {
  const { stateDir, clock, logger, trustDomain = 'cluster.local', leaseMs = DEFAULT_LEASE_MS } = options;
  const { leafTtlMs = DEFAULT_LEAF_TTL_MS, minTtlMs } = options;
  const authority = await CertificateAuthority.open({
    stateDir: join(stateDir, 'ca'),
    trustDomain,
    clock,
    logger,
    leafTtlMs,
    ...(minTtlMs === undefined ? {} : { minTtlMs }),
  });
  closers.add(() => authority.close());
  const log = await RevisionLog.open(stateDir);
  const saved = await loadRegistryState(stateDir);
  const processes = new ProcessTable(clock);

  const registry: RegistryStore = new RegistryStore({
    stateDir,
    saved,
    grants: authority.grants,
    leaseMs,
    clock,
    isConnected: (instance) => processes.isConnected(instance),
    onChange(change, awaited) {
      for (const { instance, service, address, port } of change.upserted)
        logger.info(`${instance} serves ${service} on ${address}:${port}`);
      for (const key of change.removed) logger.info(`${key} is gone`);
      hub.pushRegistry(change, awaited);
    },
  });
  closers.add(() => registry.close());
  const config: ConfigStore = new ConfigStore({
    log,
    clock,
    knownHosts: () => knownHosts(registry, authority),
    async push(revision) {
      const answers = await hub.pushRevision(revision);
      const late = answers.laggards.map(({ instance, reason }) => `; ${instance} ${reason}`).join('');
      logger.info(`revision ${revision.number} runs in ${answers.acknowledged.length} processes${late}`);
      return answers;
    },
  });
  const hub: WatchHub = new WatchHub({
    processes,
    clock,
    leaseMs,
    snapshot: () => ({
      registryVersion: registry.version,
      services: registry.services,
      instances: registry.instances(),
      bundle: bundleDocument(authority.bundle.value),
      revision: config.revision,
    }),
    onStreamEnded: (instance) => registry.streamEnded(instance),
    expected: () => registry.instances().map(({ instance }) => instance),
  });
  closers.add(() => hub.close());
  closers.add(authority.bundle.subscribe((bundle) => hub.pushBundle(bundleDocument(bundle))));

  const startedAt = clock.wallNow();
  const status = (): StatusReply => ({
    version,
    trustDomain,
    time: clock.wallNow(),
    startedAt,
    revision: config.revision.number,
    hash: config.revision.hash,
    registryVersion: registry.version,
    settling: hub.settling,
    processes: processes.status(),
    instances: registry.instances(),
    problems: [authority.problem()].filter((problem) => problem !== undefined),
  });
  if (options.configDir !== undefined && config.revision.number === 0) await seed(config, options.configDir);
  return { authority, registry, config, processes, hub, status };
}

/** What resources may name: what was registered, and what may be. Undefined before the first service. */
function knownHosts(registry: RegistryStore, authority: CertificateAuthority): readonly string[] | undefined {
  const granted = [...authority.grants.value.keys()].map((name) => {
    const dot = name.lastIndexOf('.');
    return serviceHost(name.slice(0, dot), name.slice(dot + 1));
  });
  const hosts = new Set([...registry.services.map((service) => service.host), ...granted]);
  return hosts.size > 0 ? [...hosts] : undefined;
}

async function seed(config: ConfigStore, path: string): Promise<void> {
  try {
    await config.apply({ files: await seedFiles(path), author: 'lateend --config' });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new LateenError('LATEEN_CONFIG_INVALID', `the configuration in ${path} is refused: ${error.message}`, { target: path });
  }
}
