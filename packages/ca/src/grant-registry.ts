import { join } from 'node:path';
import { Cell, type Watched } from '@lateen/core';
import { writePrivateFile } from '@lateen/identity';
import { loadStateFile } from './state-file.ts';

/** Which SPIFFE IDs may serve a service: `reviews.default` → IDs. */
export type Grants = ReadonlyMap<string, readonly string[]>;

/** Remembers what was granted, for secure naming: a caller believes a server only when its ID was granted the service. */
export class GrantRegistry {
  readonly #grants: Cell<Grants>;
  readonly #path: string;
  #granting: Promise<void> = Promise.resolve();

  private constructor(path: string, grants: Grants) {
    this.#path = path;
    this.#grants = new Cell(grants);
  }

  static async open(stateDir: string): Promise<GrantRegistry> {
    const path = join(stateDir, 'grants.json');
    return new GrantRegistry(path, (await loadStateFile(path, readGrants)) ?? new Map());
  }

  get grants(): Watched<Grants> {
    return this.#grants;
  }

  /** Resolves when it is on disk; only then it counts. One after the other, so that none is lost. */
  grant(id: string, services: readonly string[]): Promise<void> {
    const granting = this.#granting.then(() => this.#add(id, services));
    this.#granting = granting.catch(() => {});
    return granting;
  }

  async #add(id: string, services: readonly string[]): Promise<void> {
    const missing = services.filter((service) => !this.#grants.value.get(service)?.includes(id));
    if (missing.length === 0) return;
    const next = new Map(this.#grants.value);
    for (const service of missing) next.set(service, [...(next.get(service) ?? []), id]);
    await writePrivateFile(this.#path, `${JSON.stringify({ grants: Object.fromEntries(next) })}\n`);
    this.#grants.set(next);
  }
}

function readGrants(document: unknown): Grants {
  const grants = (document as { grants?: unknown } | null)?.grants;
  if (typeof grants !== 'object' || grants === null) throw new Error('grants are missing');
  const entries = Object.entries(grants);
  if (!entries.every(([, ids]) => Array.isArray(ids) && ids.every((id) => typeof id === 'string')))
    throw new Error('a grant is no list of IDs');
  return new Map(entries as [string, string[]][]);
}
