import { type Clock, LateenError } from '@lateen/core';
import { createSvid, parseBundle, type Svid, type TrustBundles } from '@lateen/identity';
import type { Finding } from '@lateen/resources';
import { parseControlUrl } from '../http/control-address.ts';
import { ControlRefusal } from '../http/control-errors.ts';
import { type ControlCall, ControlHttp } from '../http/control-http.ts';
import {
  API_PATHS,
  type ApplyBody,
  type ApplyReply,
  type AuthorityStatus,
  type ConfigFile,
  type ConfigReply,
  type DeleteBody,
  type HistoryEntry,
  type JoinTokenBody,
  type JoinTokenReply,
  type ResourceReference,
  type StatusReply,
} from '../wire.ts';
import type { AdminClient, ApplyOptions } from './admin-client.ts';
import type { AdminFile } from './admin-file.ts';
import { ConfigRefusedError } from './config-refused-error.ts';

/** {@link AdminClient} over lateend's API with the certificate of `admin.json`. */
export class LateendAdmin implements AdminClient {
  readonly url: string;
  readonly bundles: TrustBundles;
  readonly #http: ControlHttp;
  readonly #path: string;
  readonly #svid: Svid;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(file: AdminFile, path: string, clock: Clock, timeoutMs = 10_000) {
    this.url = file.url;
    this.#path = path;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    const { trustDomain, jwks } = file.bundle;
    this.bundles = new Map([[trustDomain, parseBundle(trustDomain, jwks)]]);
    this.#svid = createSvid({ certificatePem: file.certificate, privateKeyPem: file.key, receivedAt: clock.wallNow() });
    const address = parseControlUrl(file.url);
    this.#http = new ControlHttp({ address, trustDomain, bundles: () => this.bundles, clock }, this.#svid);
  }

  apply(files: readonly ConfigFile[], options: ApplyOptions = {}): Promise<ApplyReply> {
    const body: ApplyBody = { files, ...options };
    return this.#change(API_PATHS.configApply, body);
  }

  remove(resources: readonly ResourceReference[], options: Omit<ApplyOptions, 'defaultNamespace'> = {}): Promise<ApplyReply> {
    const body: DeleteBody = { resources, ...options };
    return this.#change(API_PATHS.configDelete, body);
  }

  revision(number?: number): Promise<ConfigReply> {
    return this.#ask({ method: 'GET', path: number === undefined ? API_PATHS.config : `${API_PATHS.config}?revision=${number}` });
  }

  history(): Promise<readonly HistoryEntry[]> {
    return this.#ask({ method: 'GET', path: API_PATHS.configHistory });
  }

  status(): Promise<StatusReply> {
    return this.#ask({ method: 'GET', path: API_PATHS.status });
  }

  createToken(body: JoinTokenBody): Promise<JoinTokenReply> {
    return this.#ask({ method: 'POST', path: API_PATHS.joinTokens, body });
  }

  caStatus(): Promise<AuthorityStatus> {
    return this.#ask({ method: 'GET', path: API_PATHS.authority });
  }

  close(): void {
    this.#http.close();
  }

  async #change(path: string, body: object): Promise<ApplyReply> {
    try {
      return await this.#ask({ method: 'POST', path, body });
    } catch (error) {
      const findings =
        error instanceof ControlRefusal ? (error.body as { findings?: readonly Finding[] } | undefined)?.findings : undefined;
      if (Array.isArray(findings)) throw new ConfigRefusedError((error as Error).message, findings);
      throw error;
    }
  }

  /** The other end proved to be our lateend of our version: its answers are taken as they are. */
  async #ask<Reply>(call: ControlCall): Promise<Reply> {
    if (this.#svid.notAfter <= this.#clock.wallNow()) throw this.#expired();
    const { body } = await this.#http.call({ ...call, timeoutMs: this.#timeoutMs });
    return body as Reply;
  }

  #expired(): LateenError {
    const since = new Date(this.#svid.notAfter).toISOString();
    return new LateenError('LATEEN_CONTROL_UNREACHABLE', `the administrator's certificate in ${this.#path} expired at ${since}`, {
      target: this.url,
      hint: 'start lateend again on that state; while it runs it keeps the file fresh',
    });
  }
}
