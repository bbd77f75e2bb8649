import { LateenError } from '@lateen/core';
import { readPrivateFile, writePrivateFile } from '@lateen/identity';

/** A JSON document on disk. Saves that come while one is being written share the next one. */
export class StateFile {
  readonly #path: string;
  readonly #snapshot: () => unknown;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param snapshot what to write, asked for when the write begins. */
  constructor(path: string, snapshot: () => unknown) {
    this.#path = path;
    this.#snapshot = snapshot;
  }

  /** Resolves when everything known at the call is on disk, whole; rejects when it could not be written. */
  save(): Promise<void> {
    this.#next ??= this.#afterPresent();
    return this.#next;
  }

  async #afterPresent(): Promise<void> {
    await this.#writing.catch(() => {});
    this.#next = undefined;
    this.#writing = writePrivateFile(this.#path, `${JSON.stringify(this.#snapshot())}\n`);
    await this.#writing;
  }
}

/**
 * What {@link StateFile} wrote, undefined when there is none yet.
 *
 * @throws {LateenError} `LATEEN_STATE_CORRUPT` when `read` does not know the shape, `LATEEN_STATE_PERMISSIONS`.
 */
export async function loadStateFile<T>(path: string, read: (document: unknown) => T): Promise<T | undefined> {
  const text = await readPrivateFile(path);
  if (text === undefined) return undefined;
  try {
    return read(JSON.parse(text));
  } catch (error) {
    throw corrupt(path, error instanceof SyntaxError ? 'it is no JSON' : error instanceof Error ? error.message : 'unreadable');
  }
}

export function corrupt(path: string, why: string): LateenError {
  return new LateenError('LATEEN_STATE_CORRUPT', `the authority's state ${path} can't be used: ${why}`, {
    target: path,
    hint: 'restore it from a backup, or remove the state folder and let every workload join anew',
  });
}
