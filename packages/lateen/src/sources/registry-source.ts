import type { Clock, EventSink, Logger, Random, Watched } from '@lateen/core';
import type { ControlClient } from '@lateen/control';
import { consulRegistry, mergeRegistries, type Registry, staticRegistry, withServicesOfFiles } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import type { Revision } from '@lateen/resources';
import type { DiscoverySource } from '../options.ts';
import type { MeshSettings } from '../settings.ts';

export interface RegistrySourceOptions {
  readonly settings: MeshSettings;
  readonly control: ControlClient | undefined;
  readonly identity: IdentitySource | undefined;
  readonly revision: Watched<Revision>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
}

export interface RegistrySource {
  /** Each source by itself: registrations go to all that take them. */
  readonly registries: readonly Registry[];
  /** The first that knows a host answers for it; hosts that only a Service in the configuration names are known too. */
  readonly merged: Registry;
}

/** The `discovery` option as registries, in the order given. */
export function registrySource(options: RegistrySourceOptions): RegistrySource {
  const registries = options.settings.discovery.flatMap((source) => registryOf(source, options) ?? []);
  const { revision, settings } = options;
  return { registries, merged: withServicesOfFiles(mergeRegistries(registries), revision, { namespace: settings.namespace }) };
}

function registryOf(source: DiscoverySource, options: RegistrySourceOptions): Registry | undefined {
  const { settings, control, identity, revision, clock, random, logger, events } = options;
  if (typeof source === 'object') return source;
  if (source === 'lateend') return control?.registry;
  if (source === 'consul') {
    const { url, token, prefix } = settings.consul;
    const ownId = (): string | undefined => identity?.svid.value?.id;
    return consulRegistry({ url, token, prefix, namespace: settings.namespace, ownId, clock, random, logger, events });
  }
  // `dns` names where ServiceEntries with `resolution: DNS` get their addresses; the static registry resolves those.
  if (source === 'dns') return undefined;
  return staticRegistry(revision, { namespace: settings.namespace, clock, random, logger, events });
}
