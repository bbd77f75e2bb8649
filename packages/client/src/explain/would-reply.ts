import { ERRORS, type LateenErrorCode, localReplyBody } from '@lateen/core';
import type { Match, RouteRequest } from '@lateen/routing';
import type { ChosenCluster } from './explain.ts';
import type { Explanation } from './explanation.ts';

type Reply = NonNullable<Explanation['wouldReply']>;

/** The answer the mesh itself would give; undefined when the request would be sent. An abort that only sometimes comes is not told here. */
export function wouldReply(match: Match, chosen: ChosenCluster, hasEndpoint: boolean, request: RouteRequest): Reply | undefined {
  if (match.kind === 'no-route') return ofCode('LATEEN_NO_ROUTE');
  if (match.kind === 'refused') return ofCode('LATEEN_HOST_REFUSED');
  if (match.kind === 'passthrough') return undefined;
  const { action, fault } = match.route;
  if (fault && fault.abortStatus > 0 && fault.abortShare >= 1)
    return { status: fault.abortStatus, flag: 'FI', body: 'fault filter abort' };
  if (action.kind === 'redirect') return { status: action.redirect.status, flag: '-', body: action.redirect.location(request) };
  if (action.kind === 'respond')
    return { status: action.response.status, flag: '-', body: Buffer.from(action.response.body).toString() };
  if (!chosen.cluster) return ofCode('LATEEN_NO_CLUSTER');
  return hasEndpoint ? undefined : ofCode('LATEEN_NO_HEALTHY_ENDPOINT');
}

function ofCode(code: LateenErrorCode): Reply {
  const { status, flag } = ERRORS[code];
  return { status, flag, body: localReplyBody(code) };
}
