import { join } from 'node:path';
import type { Clock, Logger, Timer } from '@lateen/core';
import type { InstanceDescription, ServiceDescription } from '@lateen/discovery';
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from '@lateen/identity';
import type { Revision } from '@lateen/resources';
import { type Check, list, shape, text } from '../wire/check.ts';
import { checkInstance, checkRevision, checkService, parseJson } from '../wire.ts';

/** lateend's last word, for a start while it is away. */
export interface LastGood {
  /** Whose word: another lateend's is not used. */
  readonly url: string;
  readonly revision: Revision;
  readonly services: readonly ServiceDescription[];
  readonly instances: readonly InstanceDescription[];
}

const FILE = 'last-good.json';
const WRITE_DELAY_MS = 500;

const checkLastGood: Check<LastGood> = shape<LastGood>({
  url: text(),
  revision: checkRevision,
  services: list(checkService, 100_000),
  instances: list(checkInstance, 100_000),
});

/** Keeps {@link LastGood} in a file (0600), written soon after a change. Without a folder it keeps nothing. */
export class LastGoodState {
  readonly #stateDir: string | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #planned: Timer | undefined;
  #unsaved: (() => LastGood) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(stateDir: string | undefined, clock: Clock, logger: Logger) {
    this.#stateDir = stateDir;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Undefined when there is none, or none that can be used (said in the log). */
  async load(url: string): Promise<LastGood | undefined> {
    if (this.#stateDir === undefined) return undefined;
    try {
      const json = await readPrivateFile(join(this.#stateDir, FILE));
      if (json === undefined) return undefined;
      const lastGood = checkLastGood(parseJson(json), '');
      return lastGood.url === url ? lastGood : undefined;
    } catch (error) {
      this.#logger.warn(`${join(this.#stateDir, FILE)} is not used: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Writes what `read` says in half a second: changes come in bursts. */
  saveSoon(read: () => LastGood): void {
    if (this.#stateDir === undefined) return;
    this.#unsaved = read;
    this.#planned ??= this.#clock.setTimeout(() => this.#flush(), WRITE_DELAY_MS);
  }

  /** Writes what is still to be written, and waits for it. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    this.#planned?.cancel();
    this.#planned = undefined;
    const read = this.#unsaved;
    this.#unsaved = undefined;
    const stateDir = this.#stateDir;
    if (read && stateDir !== undefined) this.#writing = this.#writing.then(() => this.#write(stateDir, read()));
  }

  async #write(stateDir: string, lastGood: LastGood): Promise<void> {
    try {
      await ensurePrivateFolder(stateDir);
      await writePrivateFile(join(stateDir, FILE), JSON.stringify(lastGood));
    } catch (error) {
      this.#logger.error(`lateend's last word can't be kept in ${stateDir}: ${(error as Error).message}`);
    }
  }
}
