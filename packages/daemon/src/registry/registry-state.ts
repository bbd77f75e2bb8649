import { join } from 'node:path';
import { checkInstance, parseJson } from '@lateen/control';
import { LateenError } from '@lateen/core';
import type { InstanceDescription } from '@lateen/discovery';
import { readPrivateFile, writePrivateFile } from '@lateen/identity';
import type { KnownService } from './known-services.ts';

export interface SavedInstance {
  readonly description: InstanceDescription;
  /** SPIFFE ID that registered it: nobody else may change it. */
  readonly owner: string;
}

/** What a restart must know: who was there, or watchers would be told that nobody is. */
export interface RegistryState {
  /** Only grows, over restarts too, so that acknowledgements can be compared. */
  readonly version: number;
  readonly instances: readonly SavedInstance[];
  readonly services: readonly KnownService[];
}

const FILE = 'registry.json';

/** @throws {LateenError} `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`. */
export async function loadRegistryState(stateDir: string): Promise<RegistryState | undefined> {
  const path = join(stateDir, FILE);
  const json = await readPrivateFile(path);
  if (json === undefined) return undefined;
  try {
    const { version, instances, services } = parseJson(json) as RegistryState;
    if (!Number.isSafeInteger(version) || !Array.isArray(services)) throw new Error('version or services are missing');
    const checked = instances.map(({ description, owner }) => ({
      description: checkInstance(description, ''),
      owner: String(owner),
    }));
    return { version, instances: checked, services };
  } catch (cause) {
    throw new LateenError('LATEEN_STATE_CORRUPT', `${path} can't be read: ${(cause as Error).message}`, {
      target: path,
      hint: 'delete it: running processes register again by themselves',
      cause,
    });
  }
}

/** Writes the newest state; calls while one is being written become one. */
export class RegistryWriter {
  readonly #path: string;
  readonly #read: () => RegistryState;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(stateDir: string, read: () => RegistryState) {
    this.#path = join(stateDir, FILE);
    this.#read = read;
  }

  /** Resolves when what is true now is on disk. */
  save(): Promise<void> {
    if (!this.#writing) return this.#start();
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    const writing = writePrivateFile(this.#path, JSON.stringify(this.#read()));
    this.#writing = writing;
    return writing.finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
  }
}
