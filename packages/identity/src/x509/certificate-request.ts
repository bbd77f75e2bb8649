import type { KeyObject } from 'node:crypto';

/** A fresh key and what is sent to have it certified. */
export interface KeyAndRequest {
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  /** PKCS#10, DER. */
  readonly csrDer: Buffer;
}

/** Makes a P-256 key and a CSR for it that asks for `spiffeId`. The CA takes the identity from the credential, not from here. */
export function createKeyAndRequest(_spiffeId?: string): KeyAndRequest {
  throw new Error('under construction');
}
