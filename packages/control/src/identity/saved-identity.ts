import type { Clock, Logger } from '@lateen/core';
import { authorityPin, loadIdentity, type SavedIdentity } from '@lateen/identity';
import { type JoinCredentialOptions, readJoinString } from '../join/join-credential.ts';

export interface SavedIdentityOptions extends JoinCredentialOptions {
  readonly stateDir?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The identity of the last run, if it can still be used: it is ours, it has not expired, and the join string at hand (if any) is
 * for the same mesh. Whatever is wrong with it is said in the log, and the process joins anew.
 */
export async function usableIdentity(options: SavedIdentityOptions): Promise<SavedIdentity | undefined> {
  const { stateDir, logger } = options;
  if (stateDir === undefined) return undefined;
  try {
    const saved = await loadIdentity(stateDir);
    if (!saved) return undefined;
    const objection = await objectionTo(saved, options);
    if (objection === undefined) return saved;
    logger.info(`the certificate in ${stateDir} is not used: ${objection}`);
  } catch (error) {
    logger.warn(`the certificate in ${stateDir} is not used: ${(error as Error).message}`);
  }
  return undefined;
}

async function objectionTo({ svid, bundles }: SavedIdentity, options: SavedIdentityOptions): Promise<string | undefined> {
  const { namespace, serviceAccount, clock } = options;
  if (svid.namespace !== namespace || svid.serviceAccount !== serviceAccount) return `it is for ${svid.id}`;
  if (svid.notAfter <= clock.wallNow()) return `it expired at ${new Date(svid.notAfter).toISOString()}`;
  const joinString = await readJoinString(options).catch(() => undefined);
  const authorities = [...bundles.values()].flatMap((bundle) => bundle.authorities);
  if (joinString && !authorities.some((authority) => authorityPin(authority) === joinString.rootPin)) {
    return 'it is of another mesh than the join string';
  }
  return undefined;
}
