import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ADMIN_FILE, type AdminFile, type BundleReply } from '@lateen/control';
import type { Logger, Watched } from '@lateen/core';
import { type Svid, writePrivateFile } from '@lateen/identity';

export interface AdminCredentialsOptions {
  readonly stateDir: string;
  readonly url: string;
  readonly rootPin: string;
  readonly bundle: () => BundleReply;
  readonly svid: Watched<Svid>;
  /** Names the file for CLIs of this user; false for none. */
  readonly pointerFile: string | false;
  readonly logger: Logger;
}

/** What the CLI needs, in `admin.json` (0600), written at the start and at each renewal. */
export class AdminCredentials {
  readonly #options: AdminCredentialsOptions;
  readonly #path: string;
  #unsubscribe = (): void => {};
  #writing: Promise<void> = Promise.resolve();

  constructor(options: AdminCredentialsOptions) {
    this.#options = options;
    this.#path = resolve(join(options.stateDir, ADMIN_FILE));
  }

  /** Writes file and pointer, and keeps the file fresh from then on. */
  async publish(): Promise<void> {
    const { svid, logger, pointerFile } = this.#options;
    await this.#write();
    if (pointerFile !== false) await writePointer(pointerFile, this.#path, logger);
    this.#unsubscribe = svid.subscribe(() => this.refresh());
  }

  /** Writes the file again: the certificate or the trust bundle changed. */
  refresh(): void {
    const { logger } = this.#options;
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error) => logger.error(`${this.#path} was not written: ${(error as Error).message}`));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { url, rootPin, bundle, svid } = this.#options;
    const { certificatePem, privateKeyPem } = svid.value;
    const file: AdminFile = { url, pin: rootPin, certificate: certificatePem, key: privateKeyPem, bundle: bundle() };
    await writePrivateFile(this.#path, JSON.stringify(file));
  }
}

/** A read-only home is no reason not to start: the CLI can be told by `--state` or `LATEEN_ADMIN_FILE`. */
async function writePointer(pointerFile: string, target: string, logger: Logger): Promise<void> {
  try {
    const folder = dirname(pointerFile);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await writePrivateFile(pointerFile, `${target}\n`);
  } catch (error) {
    logger.warn(`${pointerFile} was not written (${(error as Error).message}); tell the CLI by --state`);
  }
}
