import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectControl, type ControlClient, type ControlOptions, type JoinTokenBody } from '@lateen/control';
import { type EventSink, silentLogger, systemClock, systemRandom } from '@lateen/core';
import type { InstanceDescription, Registration } from '@lateen/discovery';
import { type Daemon, type DaemonOptions, startDaemon } from '../../src/index.ts';
import { instance } from '../instance.ts';

const NO_EVENTS: EventSink = { emit() {} };

/** A folder, the lateends and the processes that a test starts in it; `close()` ends and removes all. */
export class MeshFolder {
  readonly path: string;
  readonly #open = new Set<{ close(): Promise<void> }>();

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<MeshFolder> {
    return new MeshFolder(await mkdtemp(join(tmpdir(), 'lateen-')));
  }

  get state(): string {
    return join(this.path, 'lateend');
  }

  async startDaemon(options: Partial<DaemonOptions> = {}): Promise<Daemon> {
    const daemon = await startDaemon({
      stateDir: this.state,
      port: 0,
      adminPort: false,
      pointerFile: false,
      clock: systemClock,
      logger: silentLogger,
      ...options,
    });
    this.#open.add(daemon);
    return daemon;
  }

  /** A process of `reviews`, unless told otherwise. */
  connect(url: string, options: Partial<ControlOptions> = {}): ControlClient {
    const client = connectControl({
      url,
      namespace: 'default',
      serviceAccount: 'bookinfo-reviews',
      service: 'reviews',
      workload: 'reviews-v1',
      instance: 'reviews-v1-000001',
      adminAddress: () => '127.0.0.1:15020',
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      events: NO_EVENTS,
      ...options,
    });
    this.#open.add(client);
    return client;
  }

  /** A joined process of a service (`reviews`), named `<service>-v1-<suffix>`. */
  async join(daemon: Daemon, service: string, suffix: string, options: Partial<ControlOptions> = {}): Promise<ControlClient> {
    const { joinString } = await daemon.createToken(tokenFor(service));
    const client = this.connect(daemon.url, { ...processOf(service, suffix), token: joinString, ...options });
    await client.ready;
    return client;
  }

  async close(): Promise<void> {
    // The last that was opened first: processes leave before their lateend does.
    for (const open of [...this.#open].toReversed()) await open.close();
    await rm(this.path, { recursive: true });
  }
}

export function tokenFor(service: string): JoinTokenBody {
  return { namespace: 'default', serviceAccount: `bookinfo-${service}`, services: [service], labels: { version: 'v1' } };
}

export function processOf(service: string, suffix: string) {
  return { service, serviceAccount: `bookinfo-${service}`, workload: `${service}-v1`, instance: `${service}-v1-${suffix}` };
}

/** How {@link MeshFolder.join}'s process registers. */
export function instanceOf(service: string, suffix: string, overrides: Partial<InstanceDescription> = {}): InstanceDescription {
  return instance({ ...processOf(service, suffix), labels: { app: service, version: 'v1' }, ...overrides });
}

/** Registers with lateend, which always takes registrations. */
export function register({ registry }: ControlClient, description: InstanceDescription): Promise<Registration> {
  return (registry.register as NonNullable<typeof registry.register>).call(registry, description);
}
