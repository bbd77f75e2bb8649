import { headerValue, normalizePath, originText, removeHeader, toRawHeaders } from '@lateen/core';
import { RETRY_ON } from '@lateen/resilience';
import type { Route, RouteRequest } from '@lateen/routing';
import { BAD_PATH } from '../call/local-reply.ts';
import { originOf } from '../call/origins.ts';
import { takeOverHeaders } from '../call/sidecar-headers.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { endpointStatus } from '../cluster/describe-cluster.ts';
import type { ClientRuntime } from '../runtime.ts';
import type { CandidateExplanation, ExplainInput, Explanation } from './explanation.ts';
import { wouldReply } from './would-reply.ts';

/** What would become of a request now, and why. Sends nothing and takes nobody's turn; random draws (weights, the pick) are made as for a real one. */
export function explain(runtime: ClientRuntime, input: ExplainInput): Explanation {
  const request = routeRequest(runtime, input);
  if (request.path === undefined) return badPath(request as RouteRequest, input);
  return explainRequest(runtime, request as RouteRequest, input);
}

function explainRequest(runtime: ClientRuntime, request: RouteRequest, input: ExplainInput): Explanation {
  const plan = runtime.plans.current;
  const { match, reason } = plan.table.explainMatch(request);
  const route = match.kind === 'route' ? match.route : undefined;
  const cluster = match.kind === 'passthrough' ? runtime.passthrough(request.scheme === 'https' ? 'https' : 'http') : undefined;
  const chosen = route ? chosenCluster(runtime, route) : { name: cluster?.name, cluster };
  const candidates = chosen.cluster && match.kind === 'route' ? candidatesOf(chosen.cluster) : [];
  const picked = match.kind === 'route' ? chosen.cluster?.peek(request, runtime.clock.now()) : undefined;
  const reply = wouldReply(match, chosen, picked !== undefined || chosen.cluster?.dialsRequest === true, request);
  return {
    request: { method: request.method, url: String(input.url), headers: request.headers },
    host: route?.host ?? (match.kind === 'no-route' ? match.host : request.authority),
    route: route && match.kind === 'route' ? describeRoute(route, match.matchIndex) : undefined,
    rewrite: route?.rewrite && { path: route.rewrite.path(request.path), authority: route.rewrite.authority },
    fault: route?.fault,
    mirror: route?.mirrors ?? [],
    timeoutMs: route?.timeoutMs ?? 0,
    retry: route && describeRetry(route),
    cluster: chosen.cluster && describeCluster(chosen.cluster),
    destinations: destinationsOf(route),
    candidates,
    pick: picked?.address,
    reason: [...reason, ...clusterReason(chosen, candidates, picked?.address)],
    ...(reply && { wouldReply: reply }),
  };
}

export interface ChosenCluster {
  /** Undefined when the request needs no cluster. */
  readonly name: string | undefined;
  readonly cluster: Cluster | undefined;
}

/**
 * As for a request that is sent: the path as it was written and then made plain, undefined where that can't be done; a `Host` header counts instead of
 * the URL's; and a sidecar's view of the headers.
 */
function routeRequest(
  { sidecar, pathNormalization }: ClientRuntime,
  { url, method, headers }: ExplainInput,
): Omit<RouteRequest, 'path'> & { readonly path: string | undefined } {
  const [, base = String(url), target = ''] = /^([a-z]+:\/\/[^/?#]*)([^#]*)/i.exec(String(url)) ?? [];
  const { authority, port, scheme } = originOf(base);
  const lines = toRawHeaders(headers);
  if (sidecar) takeOverHeaders(lines, false, sidecar.tellsCaller);
  const host = headerValue(lines, 'host');
  if (host !== undefined) removeHeader(lines, 'host');
  const path = target.startsWith('/') ? target : `/${target}`;
  return {
    method: (method ?? 'GET').toUpperCase(),
    path: pathNormalization === null ? path : normalizePath(path, pathNormalization),
    authority: host ?? authority,
    port,
    scheme,
    headers: lines,
  };
}

/** A path that cannot be made plain meets no rule. */
function badPath({ method, authority, headers }: RouteRequest, { url }: ExplainInput): Explanation {
  return {
    request: { method, url: String(url), headers },
    host: authority,
    route: undefined,
    rewrite: undefined,
    fault: undefined,
    mirror: [],
    timeoutMs: 0,
    retry: undefined,
    cluster: undefined,
    destinations: [],
    candidates: [],
    pick: undefined,
    reason: ['the path holds %00 and cannot be normalised: 400'],
    wouldReply: { status: BAD_PATH.status, flag: '-', body: '' },
  };
}

function destinationsOf(route: Route | undefined): Explanation['destinations'] {
  if (route?.action.kind !== 'forward') return [];
  const { destinations, totalWeight } = route.action;
  return destinations.map(({ cluster, weight }) => ({ cluster, share: weight / totalWeight }));
}

function chosenCluster(runtime: ClientRuntime, { action }: Route): ChosenCluster {
  if (action.kind !== 'forward') return { name: undefined, cluster: undefined };
  let draw = runtime.random.next() * action.totalWeight;
  const destination = action.destinations.find(({ weight }) => (draw -= weight) < 0) ?? action.destinations[0];
  const name = destination?.cluster ?? '';
  return { name, cluster: runtime.plans.current.clusters.get(name) };
}

function describeRoute(route: Route, matchIndex: number): Explanation['route'] {
  const { origin } = route;
  return {
    resource: origin ? `${origin.kind} ${origin.namespace}/${origin.name}` : 'default',
    name: route.name,
    file: origin?.file ?? '',
    line: origin?.line ?? 0,
    matchIndex,
  };
}

function describeRetry({ retry }: Route): Explanation['retry'] {
  const conditions = Object.entries(RETRY_ON).flatMap(([name, bit]) => ((retry.conditions & bit) === 0 ? [] : [name]));
  return { maxRetries: retry.maxRetries, perTryTimeoutMs: retry.perTryTimeoutMs, conditions };
}

function describeCluster({ spec }: Cluster): Explanation['cluster'] {
  return { host: spec.host, subset: spec.subset, port: spec.port, policy: spec.origin ? originText(spec.origin) : '' };
}

function candidatesOf(cluster: Cluster): CandidateExplanation[] {
  return cluster.endpoints.map((state) => {
    const { endpoint, weight, inFlight, ewmaMs, ejectedUntil, breaker, locality } = endpointStatus(cluster, state);
    return { endpoint, weight, inFlight, ewmaMs, ejectedUntil: ejectedUntil || undefined, breaker, locality };
  });
}

function clusterReason(
  { name, cluster }: ChosenCluster,
  candidates: readonly CandidateExplanation[],
  pick: string | undefined,
): string[] {
  if (name === undefined) return [];
  if (!cluster) return [`cluster ${name} does not exist: 503, flag NC`];
  if (cluster.dialsRequest) return [`cluster ${name}: sent to the host the request names`];
  const out = candidates.filter(({ ejectedUntil, breaker }) => ejectedUntil !== undefined || breaker !== 'closed');
  return [
    `cluster ${name}: ${candidates.length} endpoints`,
    ...out.map(({ endpoint, ejectedUntil, breaker }) =>
      ejectedUntil === undefined
        ? `${endpoint} has its breaker ${breaker}`
        : `${endpoint} is ejected until ${new Date(ejectedUntil).toISOString()}`,
    ),
    pick ? `${cluster.algorithm} picks ${pick}` : 'no endpoint may be used: 503, flag UH',
  ];
}
