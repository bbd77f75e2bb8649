import type { Logger } from '@lateen/core';
import type { ParsedCertificateRequest } from '@lateen/identity/x509';
import type { AuditLog } from './audit-log.ts';
import { CaError } from './ca-error.ts';
import type { JoinTokenStore, StoredToken } from './join-token-store.ts';
import type { AttestRequest, IssuedCertificate } from './requests.ts';
import { readRequestFor } from './requested-certificate.ts';

/** Signs and records; resolves when the audit log holds it. */
export type IssueForToken = (token: StoredToken, request: ParsedCertificateRequest) => Promise<IssuedCertificate>;

interface Claim {
  readonly publicKeySha256: string;
  readonly reply: Promise<IssuedCertificate>;
}

/**
 * Turns a join token into a certificate. The CSR is checked before the token is touched, so a bad one burns nothing. A token is
 * good for one key: the same key again gets the same answer (it was lost), another key is refused and reported.
 */
export class JoinAttestation {
  readonly #tokens: JoinTokenStore;
  readonly #audit: AuditLog;
  readonly #logger: Logger;
  /** Tokens whose first use is being written: claimed synchronously, so that of racing keys one wins. */
  readonly #claims = new Map<string, Claim>();

  constructor(tokens: JoinTokenStore, audit: AuditLog, logger: Logger) {
    this.#tokens = tokens;
    this.#audit = audit;
    this.#logger = logger;
  }

  async attest({ joinSecret, csrDer, source }: AttestRequest, issue: IssueForToken): Promise<IssuedCertificate> {
    const token = this.#tokens.find(joinSecret);
    const request = readRequestFor(token.identity.id, csrDer);
    if (token.reusable) return issue(token, request);
    const claimed = this.#claims.get(token.hash);
    const usedBy = claimed?.publicKeySha256 ?? token.use?.publicKeySha256;
    if (usedBy === undefined) return this.#claim(token, request, issue);
    if (usedBy !== request.publicKeySha256) return this.#refuseReplay(token, source);
    return claimed?.reply ?? (token.use as { reply: IssuedCertificate }).reply;
  }

  #claim(token: StoredToken, request: ParsedCertificateRequest, issue: IssueForToken): Promise<IssuedCertificate> {
    const { publicKeySha256 } = request;
    const reply = this.#useUp(token, request, issue).finally(() => this.#claims.delete(token.hash));
    this.#claims.set(token.hash, { publicKeySha256, reply });
    return reply;
  }

  async #useUp(token: StoredToken, request: ParsedCertificateRequest, issue: IssueForToken): Promise<IssuedCertificate> {
    const reply = await issue(token, request);
    await this.#tokens.recordUse(token, { publicKeySha256: request.publicKeySha256, reply });
    return reply;
  }

  async #refuseReplay(token: StoredToken, source: string): Promise<never> {
    const { id } = token.identity;
    this.#logger.warn('a join token was used again with another key: it may have been stolen', { id, source });
    await this.#audit.append({ event: 'join_token_replayed', id, source });
    throw new CaError('unauthenticated', `a used join token of ${id}`);
  }
}
