import type { Clock, Logger } from '@lateen/core';
import type { IdentitySource } from './svid.ts';

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

/** An identity that something else writes into files (cert-manager, SPIRE's helper). Never throws: `problem` says what is wrong. */
export function fileIdentity(_options: FileIdentityOptions): IdentitySource {
  throw new Error('under construction');
}
