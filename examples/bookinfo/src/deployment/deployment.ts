import { join } from 'node:path';
import { systemClock } from '@lateen/core';
import { type AdminClient, openAdmin } from '@lateen/control';
import { writeToken } from './credentials.ts';
import { applyFirstResources } from './first-resources.ts';
import { ManagedProcess, type ProcessSpec } from './managed-process.ts';
import type { DeploymentOptions } from './options.ts';
import { type Ports, portsAt, requireFree } from './ports.ts';
import { lateendSpec, meshSpec, plainSpecs, type SpecSources, tokenFile } from './process-specs.ts';
import { StartError } from './start-error.ts';
import { openStateFolder } from './state-folder.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

/** Bookinfo as processes. Leaves nothing running when its start fails. */
export class Deployment {
  readonly ports: Ports;
  /** By name: `lateend`, `gateway`, `reviews-v2-1`. */
  readonly processes = new Map<string, ManagedProcess>();
  /** One sentence about the resources in force at the start. */
  resources = '';
  readonly #sources: SpecSources;
  readonly #spawned = new Map<string, number>();
  #nextAdminPort: number;
  #stopping = false;

  private constructor(options: DeploymentOptions) {
    this.ports = portsAt(options.portOffset);
    this.#nextAdminPort = this.ports.firstAdmin;
    this.#sources = { options, ports: this.ports, state: openStateFolder(options.stateDir) };
  }

  /**
   * Resolves when every process is ready and the page answers.
   *
   * @throws {StartError} with what failed and what to do; `interrupt` makes it stop and throw.
   */
  static async start(options: DeploymentOptions, interrupt?: AbortSignal): Promise<Deployment> {
    const deployment = new Deployment(options);
    try {
      await Promise.race([deployment.#startAll(), interruption(interrupt)]);
      return deployment;
    } catch (error) {
      await deployment.stop();
      throw error;
    }
  }

  get pageUrl(): string {
    return `http://127.0.0.1:${this.ports.page}/productpage`;
  }

  /** lateend's state folder, for the command line: `LATEEN_ADMIN_FILE` is `admin.json` in it. */
  get lateendState(): string {
    return join(this.#sources.state.path, 'lateend');
  }

  /** One process more of a workload; resolves when it is ready. */
  async add(name: string): Promise<ManagedProcess> {
    const workload = WORKLOADS.find((one) => one.name === name);
    if (!workload) throw new StartError(`there is no workload ${name}`);
    const admin = await openAdmin({ stateDir: this.lateendState, clock: systemClock });
    try {
      return await (await this.#spawnInMesh(admin, workload)).ready();
    } finally {
      admin.close();
    }
  }

  /** Starts a process that ended once more, with the state it left and no new token; resolves when it is ready. */
  async restart(name: string): Promise<ManagedProcess> {
    const { spec, exited } = this.processes.get(name) as ManagedProcess;
    await exited;
    return this.#spawn(spec).ready();
  }

  /** Drains the gateway, then the services, then stops lateend. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const all = [...this.processes.values()];
    const stopAll = (chosen: readonly ManagedProcess[]): Promise<unknown> => Promise.all(chosen.map((one) => one.stop()));
    await stopAll(all.filter(({ name }) => name === 'gateway'));
    await stopAll(all.filter(({ name }) => name !== 'lateend'));
    await stopAll(all);
    this.#sources.state.release();
  }

  /** Ends every process at once. */
  kill(): void {
    this.#stopping = true;
    for (const one of this.processes.values()) one.kill('SIGKILL');
    this.#sources.state.release();
  }

  async #startAll(): Promise<void> {
    await (this.#sources.options.mesh ? this.#startMesh() : this.#startPlain());
    await this.#pageAnswers();
  }

  async #startMesh(): Promise<void> {
    const { options, ports } = this.#sources;
    const wanted = WORKLOADS.flatMap((workload) =>
      Array.from({ length: options.instances.get(workload.name) ?? 1 }, () => workload),
    );
    const adminPorts = ['gateway', ...wanted.map(({ name }) => name)].map(
      (name, index) => [ports.firstAdmin + index, `${name}'s admin port`] as const,
    );
    await requireFree(
      new Map([[ports.page, 'gateway'], [ports.lateend, 'lateend'], [ports.lateendAdmin, "lateend's admin port"], ...adminPorts]),
    );
    if (options.discovery === 'consul') await requireConsul(options.consulUrl);
    await this.#spawn(lateendSpec(this.#sources)).ready();
    const admin = await openAdmin({ stateDir: this.lateendState, clock: systemClock });
    try {
      this.resources = await applyFirstResources(admin, options.configDir);
      const started = await Promise.all([
        this.#spawnInMesh(admin, 'gateway'),
        ...wanted.map((workload) => this.#spawnInMesh(admin, workload)),
      ]);
      await Promise.all(started.map((one) => one.ready()));
    } finally {
      admin.close();
    }
  }

  async #startPlain(): Promise<void> {
    const specs = plainSpecs(this.#sources);
    await requireFree(new Map(specs.map(({ name, readyUrl }) => [Number(new URL(readyUrl).port), name])));
    await Promise.all(specs.map((spec) => this.#spawn(spec).ready()));
  }

  async #spawnInMesh(admin: AdminClient, workload: Workload | 'gateway'): Promise<ManagedProcess> {
    const name = this.#nextName(workload);
    const spec = meshSpec(this.#sources, name, workload, this.#nextAdminPort++);
    await writeToken(admin, workload, tokenFile(this.#sources.state, name));
    return this.#spawn(spec);
  }

  #spawn(spec: ProcessSpec): ManagedProcess {
    if (this.#stopping) throw new StartError(`${spec.name} is not started any more: the deployment stops`);
    const process = new ManagedProcess(spec);
    this.processes.set(spec.name, process);
    return process;
  }

  #nextName(workload: Workload | 'gateway'): string {
    if (workload === 'gateway') return workload;
    const number = (this.#spawned.get(workload.name) ?? 0) + 1;
    this.#spawned.set(workload.name, number);
    return `${workload.name}-${number}`;
  }

  async #pageAnswers(): Promise<void> {
    let said = '';
    for (let attempt = 0; attempt < 50; attempt++) {
      const response = await fetch(this.pageUrl).catch((error: Error) => error);
      if (response instanceof Response && response.status === 200) return void (await response.text());
      said =
        response instanceof Response ? `${response.status} ${await response.text()}` : String(response.cause ?? response.message);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new StartError(
      `every process is ready, but ${this.pageUrl} answers ${said}; \`npx lateen status\` and the logs in ${join(this.#sources.state.path, 'logs')} say more`,
    );
  }
}

/** Rejects when the signal aborts; without one it never settles. */
function interruption(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new StartError('stopped before the page answered')), { once: true });
  });
}

async function requireConsul(url: string): Promise<void> {
  const leader = await fetch(new URL('/v1/status/leader', url))
    .then((response) => response.text())
    .catch(() => '');
  if (!leader.includes(':')) {
    throw new StartError(
      `no Consul agent with a leader answers at ${url}; start one (\`consul agent -dev\`), or say where it is with --consul-url`,
    );
  }
}
