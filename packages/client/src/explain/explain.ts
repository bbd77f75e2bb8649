import { originText, toRawHeaders } from '@lateen/core';
import { RETRY_ON } from '@lateen/resilience';
import type { Route, RouteRequest } from '@lateen/routing';
import { originOf } from '../call/origins.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { endpointStatus } from '../cluster/describe-cluster.ts';
import type { ClientRuntime } from '../runtime.ts';
import type { CandidateExplanation, ExplainInput, Explanation } from './explanation.ts';
import { wouldReply } from './would-reply.ts';

/** What would become of a request now, and why. Sends nothing and takes nobody's turn; random draws (weights, the pick) are made as for a real one. */
export function explain(runtime: ClientRuntime, input: ExplainInput): Explanation {
  const url = new URL(input.url);
  const request = routeRequest(url, input);
  const plan = runtime.plans.current;
  const { match, reason } = plan.table.explainMatch(request);
  const route = match.kind === 'route' ? match.route : undefined;
  const cluster = match.kind === 'passthrough' ? runtime.passthrough(request.scheme === 'https' ? 'https' : 'http') : undefined;
  const chosen = route ? chosenCluster(runtime, route) : { name: cluster?.name, cluster };
  const candidates = chosen.cluster && match.kind === 'route' ? candidatesOf(chosen.cluster) : [];
  const picked = match.kind === 'route' ? chosen.cluster?.peek(request, runtime.clock.now()) : undefined;
  const reply = wouldReply(match, chosen, picked !== undefined || chosen.cluster?.dialsRequest === true, request);
  return {
    request: { method: request.method, url: url.href, headers: request.headers },
    host: route?.host ?? (match.kind === 'no-route' ? match.host : url.hostname),
    route: route && match.kind === 'route' ? describeRoute(route, match.matchIndex) : undefined,
    rewrite: route?.rewrite && { path: route.rewrite.path(request.path), authority: route.rewrite.authority },
    fault: route?.fault,
    mirror: route?.mirrors ?? [],
    timeoutMs: route?.timeoutMs ?? 0,
    retry: route && describeRetry(route),
    cluster: chosen.cluster && describeCluster(chosen.cluster),
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

function routeRequest(url: URL, input: ExplainInput): RouteRequest {
  const origin = originOf(url);
  const headers = toRawHeaders(input.headers);
  return {
    method: (input.method ?? 'GET').toUpperCase(),
    path: `${url.pathname}${url.search}`,
    authority: origin.authority,
    port: origin.port,
    scheme: origin.scheme,
    headers,
  };
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
