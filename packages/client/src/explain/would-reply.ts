import { ERRORS, type LateenErrorCode, localReplyBody } from '@lateen/core';
import type { Match, Route, RouteRequest } from '@lateen/routing';
import { corsGrant, preflightReply } from '../call/cors.ts';
import { isGrpcRequest } from '../call/grpc-reply.ts';
import type { ChosenCluster } from './explain.ts';
import type { Explanation } from './explanation.ts';

type Reply = NonNullable<Explanation['wouldReply']>;

/**
 * The answer the mesh itself would give; undefined when the request would be sent. An abort that only sometimes comes is not told here.
 * gRPC callers get it as 200 with its meaning in headers.
 */
export function wouldReply(match: Match, chosen: ChosenCluster, hasEndpoint: boolean, request: RouteRequest): Reply | undefined {
  const reply = plainReply(match, chosen, hasEndpoint, request);
  return reply && isGrpcRequest(request.headers) ? { ...reply, status: 200 } : reply;
}

function plainReply(match: Match, chosen: ChosenCluster, hasEndpoint: boolean, request: RouteRequest): Reply | undefined {
  if (match.kind === 'no-route') return ofCode('LATEEN_NO_ROUTE');
  if (match.kind === 'refused') return ofCode('LATEEN_HOST_REFUSED');
  if (match.kind === 'passthrough') return undefined;
  const own = replyOfRoute(match.route, request);
  if (own) return own;
  if (!chosen.cluster) return { ...ofCode('LATEEN_NO_CLUSTER'), status: match.route.unknownClusterStatus };
  return hasEndpoint ? undefined : ofCode('LATEEN_NO_HEALTHY_ENDPOINT');
}

/** What a route answers by itself, in the order in which a call asks. */
function replyOfRoute({ action, fault, cors }: Route, request: RouteRequest): Reply | undefined {
  if (fault && fault.abortStatus > 0 && fault.abortShare >= 1)
    return { status: fault.abortStatus, flag: 'FI', body: 'fault filter abort' };
  const preflight = cors && preflightReply(cors, corsGrant(cors, request), request);
  if (preflight) return { status: preflight.status, flag: '-', body: '' };
  if (action.kind === 'redirect') return { status: action.redirect.status, flag: '-', body: action.redirect.location(request) };
  if (action.kind === 'respond')
    return { status: action.response.status, flag: '-', body: Buffer.from(action.response.body).toString() };
  return undefined;
}

function ofCode(code: LateenErrorCode): Reply {
  const { status, flag } = ERRORS[code];
  return { status, flag, body: localReplyBody(code) };
}
