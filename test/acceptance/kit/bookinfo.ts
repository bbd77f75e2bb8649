import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AdminClient, openAdmin } from '@lateen/control';
import { systemClock } from '@lateen/core';
import { DEFAULTS, Deployment, type DeploymentOptions, type ManagedProcess } from '@lateen-examples/bookinfo';

export const ROOT = join(import.meta.dirname, '../../..');
export const MESH = 'examples/bookinfo/mesh';
/** Screenshots, logs and state of the last run; git-ignored. */
export const WORK = join(ROOT, '.acceptance');

/** A deployment of a check's own: state in `.acceptance/<name>`, ports moved, access logs on. */
export class Bookinfo {
  readonly deployment: Deployment;
  readonly stateDir: string;
  readonly admin: AdminClient;

  private constructor(deployment: Deployment, stateDir: string, admin: AdminClient) {
    this.deployment = deployment;
    this.stateDir = stateDir;
    this.admin = admin;
  }

  static async start(name: string, portOffset: number, options: Partial<DeploymentOptions> = {}): Promise<Bookinfo> {
    const stateDir = freshFolder(name);
    const deployment = await Deployment.start({
      ...DEFAULTS,
      portOffset,
      stateDir,
      ...options,
      // HOME: the pointer to lateend that the command line follows belongs to whoever runs this, and stays as it is
      environment: { HOME: stateDir, LATEEN_ACCESS_LOG: 'text', ...options.environment },
    });
    const admin = await openAdmin({ stateDir: deployment.lateendState, clock: systemClock });
    return new Bookinfo(deployment, stateDir, admin);
  }

  get pageUrl(): string {
    return this.deployment.pageUrl;
  }

  process(name: string): ManagedProcess {
    const found = this.deployment.processes.get(name);
    if (!found) throw new Error(`there is no process ${name} in ${[...this.deployment.processes.keys()].join(', ')}`);
    return found;
  }

  /** Running processes of a workload or service. */
  processesOf(prefix: string): ManagedProcess[] {
    return [...this.deployment.processes.values()].filter(({ name, running }) => running && name.startsWith(prefix));
  }

  /** A path of a process's admin endpoint. */
  async ask(process: string, path: string): Promise<string> {
    return (await fetch(new URL(path, this.process(process).spec.readyUrl))).text();
  }

  async stop(): Promise<void> {
    this.admin.close();
    await this.deployment.stop();
  }
}

export function freshFolder(name: string): string {
  const folder = join(WORK, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
