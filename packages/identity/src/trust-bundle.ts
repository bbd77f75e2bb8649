import type { X509Certificate } from 'node:crypto';

/** The authorities of one trust domain: roots and intermediates, each verified when it was loaded. */
export interface TrustBundle {
  readonly trustDomain: string;
  /** Grows with each change; a lower one is a rollback and refused. */
  readonly sequence: number;
  readonly authorities: readonly X509Certificate[];
}

/** One bundle per trust domain, never merged: a foreign authority can vouch for its own domain only. */
export type TrustBundles = ReadonlyMap<string, TrustBundle>;

export const NO_BUNDLES: TrustBundles = new Map();
