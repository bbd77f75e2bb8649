import { readFileSync } from 'node:fs';
import { Cell, type Clock, LateenError, type Logger, type Timer } from '@lateen/core';
import { parseBundle } from './bundle/bundle-jwks.ts';
import { loadBundlePem, sameAuthorities, withBundle } from './bundle/trust-bundles.ts';
import type { IdentitySource, Svid } from './svid.ts';
import { createSvid } from './svid/create-svid.ts';
import { NO_BUNDLES, type TrustBundle, type TrustBundles } from './trust-bundle.ts';

export interface FileIdentityOptions {
  /** Paths: certificate chain (PEM), key (PKCS#8 PEM), authorities (PEM or SPIFFE JWKS). */
  readonly cert: string;
  readonly key: string;
  readonly bundle: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Trust domain of the bundle. Default: the certificate's. */
  readonly trustDomain?: string;
  /** How often the files are looked at. Default 5000. */
  readonly pollMs?: number;
}

const POLL_MS = 5000;

/**
 * An identity that something else writes into files (cert-manager, SPIRE's helper). Looks at them every few seconds, since file
 * events do not survive the ways such tools replace files. Never throws: while the files are wrong the last good ones stay, and
 * `problem` says what is wrong.
 */
export function fileIdentity(options: FileIdentityOptions): IdentitySource {
  return new FileIdentity(options);
}

class FileIdentity implements IdentitySource {
  readonly svid = new Cell<Svid | undefined>(undefined);
  readonly bundles = new Cell<TrustBundles>(NO_BUNDLES);
  readonly problem = new Cell<string | undefined>(undefined);
  readonly #options: FileIdentityOptions;
  #seen = '';
  #timer: Timer | undefined;

  constructor(options: FileIdentityOptions) {
    this.#options = options;
    this.#look();
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** Reads on the event loop: three small files, and at boot nothing can go on without them. */
  #look(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#look(), this.#options.pollMs ?? POLL_MS);
    try {
      this.#load(this.#read(this.#options.cert), this.#read(this.#options.key), this.#read(this.#options.bundle));
      this.#report(this.#expiry());
    } catch (error) {
      this.#report(error instanceof Error ? error.message : String(error));
    }
  }

  #load(certificatePem: string, privateKeyPem: string, bundleText: string): void {
    const seen = JSON.stringify([certificatePem, privateKeyPem, bundleText]);
    if (seen === this.#seen) return;
    const receivedAt = this.#options.clock.wallNow();
    const current = this.svid.value;
    const unchanged = current?.certificatePem === certificatePem && current.privateKeyPem === privateKeyPem;
    const svid = unchanged ? current : createSvid({ certificatePem, privateKeyPem, receivedAt });
    const bundles = withBundle(this.bundles.value, this.#readBundle(this.#options.trustDomain ?? svid.trustDomain, bundleText));
    this.#seen = seen;
    this.bundles.set(bundles);
    this.svid.set(svid);
  }

  /** A PEM file has no sequence: each change counts as the next. */
  #readBundle(trustDomain: string, text: string): TrustBundle {
    if (text.trimStart().startsWith('{')) return parseBundle(trustDomain, parseJson(text, this.#options.bundle));
    const present = this.bundles.value.get(trustDomain);
    const next = loadBundlePem(trustDomain, text, (present?.sequence ?? 0) + 1);
    return present && sameAuthorities(present, next) ? present : next;
  }

  #expiry(): string | undefined {
    const svid = this.svid.value;
    if (!svid || this.#options.clock.wallNow() < svid.notAfter) return undefined;
    return `the certificate in ${this.#options.cert} ended at ${new Date(svid.notAfter).toISOString()}; have it renewed`;
  }

  #read(path: string): string {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      throw new LateenError('LATEEN_CONFIG_INVALID', `the identity file ${path} can't be read (${why})`, {
        target: path,
        hint: 'check the path and its permissions',
        cause: error,
      });
    }
  }

  #report(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.problem.value) this.#options.logger.warn(`identity: ${problem}`);
    this.problem.set(problem);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${path} is no JSON`, { target: path, cause: error });
  }
}
