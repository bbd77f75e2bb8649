import { type Clock, isLateenError, LateenError } from '@lateen/core';
import type { ControlAddress } from '../http/control-address.ts';
import { ControlRefusal } from '../http/control-errors.ts';
import { ControlHttp } from '../http/control-http.ts';
import { API_PATHS, type SvidRequest } from '../wire.ts';
import { refuseSkew } from './clock-skew.ts';
import { firstContact } from './first-contact.ts';
import { type JoinCredentialOptions, readJoinString, tokenMend, tokenPlace } from './join-credential.ts';
import { forgetPendingKey, pendingKey } from './pending-key.ts';
import { type Certified, readSvidReply } from './svid-reply.ts';

export interface JoinOptions extends JoinCredentialOptions {
  readonly address: ControlAddress;
  readonly stateDir?: string;
  readonly clock: Clock;
  /** Keeps what came. Only then the key counts as delivered. */
  keep(certified: Certified): Promise<void>;
}

/**
 * One try to become a member: the join string's pin makes lateend known, its secret makes us known.
 *
 * @throws {LateenError} `LATEEN_JOIN_REFUSED`, `LATEEN_CLOCK_SKEW`, `LATEEN_PEER_REFUSED` or `LATEEN_CONTROL_UNREACHABLE`.
 */
export async function joinMesh(options: JoinOptions): Promise<Certified> {
  const { address, clock, stateDir } = options;
  const { secret, rootPin } = await readJoinString(options);
  const { trustDomain, bundles, skewMs } = await firstContact(address, rootPin, clock);
  refuseSkew(skewMs, address.url);
  const key = await pendingKey(stateDir);
  const http = new ControlHttp({ address, trustDomain, bundles: () => bundles, clock }, undefined);
  try {
    const body: SvidRequest = { joinToken: secret, csr: key.csr };
    const reply = await http.call({ method: 'POST', path: API_PATHS.svid, body });
    const certified = readSvidReply(reply.body, key, clock, address.url);
    refuseOtherIdentity(certified, options);
    await options.keep(certified);
    await forgetPendingKey(stateDir);
    return certified;
  } catch (error) {
    throw explainRefusal(error, options);
  } finally {
    http.close();
  }
}

/** A token for another service account would make us somebody we do not say we are: every peer would turn us away. */
function refuseOtherIdentity({ svid }: Certified, options: JoinOptions): void {
  if (svid.namespace === options.namespace && svid.serviceAccount === options.serviceAccount) return;
  throw new LateenError(
    'LATEEN_JOIN_REFUSED',
    `${tokenPlace(options)} is for ${svid.id}, and this process is ${options.namespace}/${options.serviceAccount}`,
    { target: options.url, hint: `${tokenMend(options)}, or set LATEEN_NAMESPACE and LATEEN_SERVICE_ACCOUNT` },
  );
}

function explainRefusal(error: unknown, options: JoinOptions): unknown {
  if (!(error instanceof ControlRefusal)) return isLateenError(error) ? error : unreadable(error, options);
  if (error.replyStatus !== 401 && error.replyStatus !== 403) return error;
  return new LateenError(
    'LATEEN_JOIN_REFUSED',
    `lateend at ${options.url} refused ${tokenPlace(options)}: it is unknown, used up or has expired`,
    { target: options.url, hint: tokenMend(options), cause: error },
  );
}

function unreadable(cause: unknown, { url }: JoinOptions): LateenError {
  return new LateenError(
    'LATEEN_CONTROL_UNREACHABLE',
    `the answer of lateend at ${url} can't be read: ${(cause as Error).message}`,
    {
      target: url,
      hint: 'run the same version of Lateen on both sides',
      cause,
    },
  );
}
