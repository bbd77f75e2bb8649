import type { Svid } from '../svid.ts';
import type { TrustBundles } from '../trust-bundle.ts';

export interface SavedIdentity {
  readonly svid: Svid;
  readonly bundles: TrustBundles;
}

/** Writes key, certificate and bundles as one file (0600) in `dir` (made 0700), whole or not at all. */
export async function saveIdentity(_dir: string, _identity: SavedIdentity): Promise<void> {
  throw new Error('under construction');
}

/**
 * What {@link saveIdentity} wrote; undefined when there is nothing. It may have expired meanwhile: look at `svid.notAfter`.
 *
 * @throws {LateenError} `LATEEN_STATE_PERMISSIONS` when others could read or change it, `LATEEN_STATE_CORRUPT` when it is not ours.
 */
export async function loadIdentity(_dir: string): Promise<SavedIdentity | undefined> {
  throw new Error('under construction');
}
