import { Cell, type Clock, type EventSink, isLateenError, type Logger, type Random, sleep } from '@lateen/core';
import {
  createKeyAndRequest,
  type IdentitySource,
  NO_BUNDLES,
  parseBundle,
  RenewalLoop,
  saveIdentity,
  type Svid,
  type TrustBundle,
  type TrustBundles,
  withBundle,
} from '@lateen/identity';
import type { ControlAddress } from '../http/control-address.ts';
import { ControlHttp } from '../http/control-http.ts';
import type { JoinCredentialOptions } from '../join/join-credential.ts';
import { joinMesh } from '../join/join-mesh.ts';
import { type Certified, readSvidReply } from '../join/svid-reply.ts';
import { Backoff } from '../watch/backoff.ts';
import { API_PATHS, type BundleReply, type RenewSvidRequest } from '../wire.ts';
import { usableIdentity } from './saved-identity.ts';

export interface ControlIdentityOptions extends JoinCredentialOptions {
  readonly address: ControlAddress;
  readonly stateDir?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
}

/** The process's identity from lateend: the last run's certificate if it still holds, else a join; renewed with a new key from then on. */
export class ControlIdentity implements IdentitySource {
  readonly svid = new Cell<Svid | undefined>(undefined);
  readonly bundles = new Cell<TrustBundles>(NO_BUNDLES);
  readonly problem: Cell<string | undefined>;
  /** Calls to lateend with our certificate; undefined until there is one. */
  readonly http = new Cell<ControlHttp | undefined>(undefined);
  readonly #options: ControlIdentityOptions;
  readonly #renewal: RenewalLoop;
  readonly #stop = new AbortController();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: ControlIdentityOptions) {
    this.#options = options;
    this.problem = new Cell<string | undefined>(`joining lateend at ${options.url}`);
    const { clock, random, logger } = options;
    this.#renewal = new RenewalLoop({
      renew: () => this.#renew(),
      onRenewed: (svid) => this.#adopt(svid, 'renewed'),
      onFailed: (error, current) => this.#renewalFailed(error, current),
      clock,
      random,
      logger,
    });
  }

  /** Begins in the background. Never rejects: `problem` tells. */
  async start(): Promise<void> {
    const saved = await usableIdentity(this.#options);
    if (this.#stop.signal.aborted) return;
    if (!saved) return this.#joinUntilMember();
    this.bundles.set(saved.bundles);
    this.#adopt(saved.svid, undefined);
    this.#renewal.start(saved.svid);
  }

  /** Takes a bundle that lateend sent. A lower sequence is a rollback and refused. */
  acceptBundle({ trustDomain, jwks }: BundleReply): void {
    try {
      this.#trust(parseBundle(trustDomain, jwks));
    } catch (error) {
      this.#options.logger.warn(`a trust bundle of lateend at ${this.#options.url} is not used: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#stop.abort();
    this.#renewal.stop();
    this.http.value?.close();
  }

  /** Waits for what is being written. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  async #joinUntilMember(): Promise<void> {
    const { clock, random, logger } = this.#options;
    const backoff = new Backoff({ firstMs: 200, maxMs: 10_000, random });
    while (!this.#stop.signal.aborted) {
      try {
        const { svid } = await joinMesh({ ...this.#options, keep: (certified) => this.#keep(certified) });
        if (this.#stop.signal.aborted) return;
        this.#adopt(svid, 'issued');
        return this.#renewal.start(svid);
      } catch (error) {
        const { message } = error as Error;
        if (this.problem.value !== message) logger.error(message);
        this.problem.set(message);
      }
      await sleep(clock, backoff.next(), this.#stop.signal).catch(() => {});
    }
  }

  async #renew(): Promise<Svid> {
    const { clock, url } = this.#options;
    const key = createKeyAndRequest(this.svid.value?.id);
    const body: RenewSvidRequest = { csr: key.csrDer.toString('base64') };
    const reply = await (this.http.value as ControlHttp).call({ method: 'POST', path: API_PATHS.renew, body });
    const certified = readSvidReply(reply.body, key, clock, url);
    this.#trust(certified.bundle);
    return certified.svid;
  }

  #renewalFailed(error: unknown, current: Svid): void {
    const { clock, events, tokenFile, token, url } = this.#options;
    const { id, serial, notAfter } = current;
    const reason = isLateenError(error) ? error.message : `lateend at ${url} gave no certificate: ${(error as Error).message}`;
    const expired = clock.wallNow() >= notAfter;
    events.emit('certificate', { id, change: expired ? 'expired' : 'failed', serial, notAfter, error: reason });
    if (!expired) return;
    this.problem.set(`the certificate expired at ${new Date(notAfter).toISOString()} and was not renewed: ${reason}`);
    if (tokenFile === undefined && token === undefined) return;
    // An expired certificate can't renew itself; a join string can.
    this.#renewal.stop();
    void this.#joinUntilMember();
  }

  async #keep({ svid, bundle }: Certified): Promise<void> {
    this.bundles.set(new Map([[bundle.trustDomain, bundle]]));
    await this.#save(svid);
  }

  /** Shows the new certificate from now on. A certificate of the last run (`change` undefined) is not written again. */
  #adopt(svid: Svid, change: 'issued' | 'renewed' | undefined): void {
    const { address, clock, events } = this.#options;
    const http = this.http.value;
    if (http) http.use(svid);
    else
      this.http.set(new ControlHttp({ address, trustDomain: svid.trustDomain, bundles: () => this.bundles.value, clock }, svid));
    this.svid.set(svid);
    this.problem.set(undefined);
    if (change === 'renewed') void this.#save(svid);
    if (change) events.emit('certificate', { id: svid.id, change, serial: svid.serial, notAfter: svid.notAfter });
  }

  #trust(bundle: TrustBundle): void {
    const bundles = withBundle(this.bundles.value, bundle);
    if (bundles === this.bundles.value) return;
    this.bundles.set(bundles);
    const svid = this.svid.value;
    if (svid) void this.#save(svid);
  }

  /** One after the other, so that the newest is what stays. A full disk is no reason to stop working. */
  #save(svid: Svid): Promise<void> {
    const { stateDir, logger } = this.#options;
    if (stateDir === undefined) return Promise.resolve();
    this.#saving = this.#saving
      .then(() => saveIdentity(stateDir, { svid, bundles: this.bundles.value }))
      .catch((error) => logger.error(`the certificate can't be kept in ${stateDir}: ${(error as Error).message}`));
    return this.#saving;
  }
}
