import { join } from 'node:path';
import { type Clock, constant, LateenError, type Logger, type Watched } from '@lateen/core';
import { authorityPin, formatJoinString, type TrustBundle } from '@lateen/identity';
import type { ParsedCertificateRequest } from '@lateen/identity/x509';
import { AuditLog } from './audit-log.ts';
import { type AuthorityKeys, openAuthorityKeys } from './authority-keys.ts';
import { CaError } from './ca-error.ts';
import { GrantRegistry, type Grants } from './grant-registry.ts';
import { JoinAttestation } from './join-attestation.ts';
import { JoinTokenStore } from './join-token-store.ts';
import { LeafSigner } from './leaf-signer.ts';
import { type RateLimit, TokenBuckets } from './token-buckets.ts';
import { readRequestFor } from './requested-certificate.ts';
import type { AttestRequest, IssuedCertificate, IssueRequest, JoinToken, JoinTokenRequest, RenewRequest } from './requests.ts';
import { type CertifiedIdentity, certifiedIdentity } from './workload-identity.ts';

export interface CertificateAuthorityOptions {
  /** Folder for keys, tokens, grants and the audit log; made 0700. One process at a time. */
  readonly stateDir: string;
  readonly trustDomain: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 1 h. */
  readonly leafTtlMs?: number;
  /** Longest that may be asked for. Default 24 h. */
  readonly maxTtlMs?: number;
  /** Shortest. Default 5 min. */
  readonly minTtlMs?: number;
  /** Joins of one remote address. Default 50 at once, 5/s. */
  readonly joinLimit?: RateLimit;
  /** Renewals of one SPIFFE ID, all its instances together. Default 50 at once, 5/s. */
  readonly renewLimit?: RateLimit;
  /** Everything that is signed. Default 500/s. */
  readonly signLimit?: RateLimit;
}

interface Parts {
  readonly options: CertificateAuthorityOptions;
  readonly keys: AuthorityKeys;
  readonly audit: AuditLog;
  readonly grants: GrantRegistry;
  readonly tokens: JoinTokenStore;
}

type Via = 'local' | 'join' | 'renew';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_TOKEN_TTL_MS = 10 * MINUTE_MS;
const MAX_TOKEN_TTL_MS = 24 * HOUR_MS;

/**
 * The authority of one trust domain. Who asks is proved by a join token or a certificate; what they get comes from that
 * credential. Nothing is answered before it is in the audit log and on disk. Refusals are `CaError`s.
 */
export class CertificateAuthority {
  readonly trustDomain: string;
  readonly bundle: Watched<TrustBundle>;
  /** SHA-256 of the root's SubjectPublicKeyInfo, hex: the pin in join strings. */
  readonly rootPin: string;
  /** Which SPIFFE IDs may serve a service: `reviews.default` → IDs. Grows with each token. */
  readonly grants: Watched<Grants>;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  readonly #grants: GrantRegistry;
  readonly #tokens: JoinTokenStore;
  readonly #joining: JoinAttestation;
  readonly #signer: LeafSigner;
  readonly #joins: TokenBuckets;
  readonly #renewals: TokenBuckets;
  readonly #signatures: TokenBuckets;

  private constructor({ options, keys, audit, grants, tokens }: Parts) {
    const { clock } = options;
    this.trustDomain = options.trustDomain;
    this.bundle = constant(keys.bundle);
    this.rootPin = authorityPin(keys.root);
    this.grants = grants.grants;
    this.#clock = clock;
    this.#audit = audit;
    this.#grants = grants;
    this.#tokens = tokens;
    this.#joining = new JoinAttestation(tokens, audit, options.logger);
    this.#signer = new LeafSigner(keys, lifetimePolicy(options), clock);
    this.#joins = new TokenBuckets(clock, options.joinLimit ?? { burst: 50, perSecond: 5 });
    this.#renewals = new TokenBuckets(clock, options.renewLimit ?? { burst: 50, perSecond: 5 });
    this.#signatures = new TokenBuckets(clock, options.signLimit ?? { burst: 500, perSecond: 500 });
  }

  /**
   * Opens the authority in `stateDir`, making its keys at the first start.
   *
   * @throws {LateenError} `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`, `LATEEN_BAD_OPTION`
   */
  static async open(options: CertificateAuthorityOptions): Promise<CertificateAuthority> {
    const { stateDir, trustDomain, clock } = options;
    lifetimePolicy(options);
    const keys = await openAuthorityKeys(stateDir, trustDomain, clock);
    const grants = await GrantRegistry.open(stateDir);
    const tokens = await JoinTokenStore.open(stateDir, clock);
    const audit = await AuditLog.open(join(stateDir, 'audit.jsonl'), clock);
    const authority = new CertificateAuthority({ options, keys, audit, grants, tokens });
    if (keys.created) await audit.append({ event: 'authority_created', trustDomain, root: authority.rootPin });
    return authority;
  }

  /** Why it can't sign, one sentence; undefined when it can. */
  problem(): string | undefined {
    return this.#signer.problem();
  }

  /** For the daemon itself (its own server certificate, the admin's): no credential is asked for. */
  async issue({ csrDer, identity, ttlMs }: IssueRequest): Promise<IssuedCertificate> {
    const certified = certifiedIdentity(this.trustDomain, identity);
    const request = readRequestFor(certified.id, csrDer);
    await this.#durably(() => this.#grants.grant(certified.id, certified.claims.services));
    return this.#issue(certified, request, ttlMs, { via: 'local' });
  }

  /** The secret in the answer is shown once; only its hash is kept. @throws {CaError} `bad_request`, whose detail an admin may see. */
  async createToken(request: JoinTokenRequest): Promise<JoinToken> {
    const { ttlMs = DEFAULT_TOKEN_TTL_MS, reusable = false, labels = {} } = request;
    if (!(ttlMs > 0 && ttlMs <= MAX_TOKEN_TTL_MS)) throw new CaError('bad_request', 'a join token lives up to 24 h');
    const identity = certifiedIdentity(this.trustDomain, { ...request, labels });
    await this.#durably(() => this.#grants.grant(identity.id, identity.claims.services));
    const { secret, token } = await this.#durably(() => this.#tokens.create(identity, ttlMs, reusable));
    await this.#durably(() =>
      this.#audit.append({
        event: 'token_created',
        id: identity.id,
        services: identity.claims.services,
        reusable,
        notAfter: new Date(token.notAfter).toISOString(),
      }),
    );
    return { joinString: formatJoinString({ secret, rootPin: this.rootPin }), id: identity.id, notAfter: token.notAfter };
  }

  /** A first certificate for a join token. */
  async attest(request: AttestRequest): Promise<IssuedCertificate> {
    if (!this.#joins.take(request.source)) throw new CaError('rate_limited', `joins from ${request.source}`);
    const ttlMs = this.#signer.ttlMs(request.ttlMs);
    return this.#durably(() =>
      this.#joining.attest(request, (token, parsed) =>
        this.#issue(token.identity, parsed, ttlMs, { via: 'join', source: request.source }),
      ),
    );
  }

  /** The same identity, labels and services as the certificate that was shown, for a new key. */
  async renew({ peer, csrDer, ttlMs }: RenewRequest): Promise<IssuedCertificate> {
    if (!peer || peer.principal.notAfter <= this.#clock.wallNow())
      throw new CaError('unauthenticated', 'a renewal without a valid certificate');
    const { id, trustDomain, labels } = peer.principal;
    if (!this.#renewals.take(id)) throw new CaError('rate_limited', `renewals of ${id}`);
    if (trustDomain !== this.trustDomain) throw new CaError('forbidden', `${id} is of another trust domain`);
    const request = readRequestFor(id, csrDer);
    if (request.publicKeySha256 === peer.publicKeySha256) throw new CaError('key_reused', `a renewal of ${id} with the old key`);
    return this.#issue({ id, claims: { labels, services: peer.services } }, request, ttlMs, {
      via: 'renew',
      replaces: peer.serial,
    });
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#audit.close();
  }

  async #issue(
    identity: CertifiedIdentity,
    { publicKey, publicKeySha256 }: ParsedCertificateRequest,
    ttlMs: unknown,
    how: { readonly via: Via; readonly source?: string; readonly replaces?: string },
  ): Promise<IssuedCertificate> {
    if (!this.#signatures.take('all')) throw new CaError('rate_limited', 'signatures');
    const issued = this.#signer.sign(identity, publicKey, this.#signer.ttlMs(ttlMs));
    const { id, serial } = issued;
    const notAfter = new Date(issued.notAfter).toISOString();
    await this.#durably(() => this.#audit.append({ event: 'issued', ...how, id, serial, notAfter, key: publicKeySha256 }));
    return issued;
  }

  /** Whatever can't be written must not be answered. */
  async #durably<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof CaError) throw error;
      throw new CaError('unavailable', `the state can't be written: ${error instanceof Error ? error.message : error}`, error);
    }
  }
}

function lifetimePolicy({ leafTtlMs, minTtlMs, maxTtlMs }: CertificateAuthorityOptions) {
  const policy = { defaultTtlMs: leafTtlMs ?? HOUR_MS, minTtlMs: minTtlMs ?? 5 * MINUTE_MS, maxTtlMs: maxTtlMs ?? 24 * HOUR_MS };
  if (policy.minTtlMs > 0 && policy.minTtlMs <= policy.defaultTtlMs && policy.defaultTtlMs <= policy.maxTtlMs) return policy;
  throw new LateenError(
    'LATEEN_BAD_OPTION',
    `certificates of ${policy.defaultTtlMs} ms are outside ${policy.minTtlMs} to ${policy.maxTtlMs} ms`,
    { hint: 'set the lifetime between the shortest and the longest, or lower the shortest for a test' },
  );
}
