import { parseResources, type Revision } from '@lateen/resources';
import type { ServiceDescription } from '@lateen/discovery';
import { compileRoutes, type CompileInput, type Match, type Route, type RouteRequest, type RouteTable } from '../src/index.ts';

/** A service of the registry: `service('reviews', [9080])`, `service('orders', [9080], { namespace: 'prod' })`. */
export function service(name: string, ports: readonly number[], more: Partial<ServiceDescription> = {}): ServiceDescription {
  const namespace = more.namespace ?? 'default';
  return {
    host: `${name}.${namespace}.svc.cluster.local`,
    name,
    namespace,
    ports: ports.map((number) => ({ number, name: 'http', protocol: 'HTTP' })),
    location: 'mesh',
    resolution: 'registry',
    identities: [`spiffe://cluster.local/ns/${namespace}/sa/${name}`],
    origin: undefined,
    ...more,
  };
}

/** A host outside the mesh. */
export function external(host: string, ports: readonly number[], more: Partial<ServiceDescription> = {}): ServiceDescription {
  return service(host, ports, { host, location: 'external', resolution: 'dns', identities: [], ...more });
}

export const BOOKINFO: readonly ServiceDescription[] = [
  service('reviews', [9080]),
  service('ratings', [9080]),
  service('details', [9080]),
  service('multi', [9080, 8000]),
  service('httpbin', [8000]),
  service('reviews', [9080], { namespace: 'prod' }),
  service('orders', [9080], { namespace: 'prod' }),
];

export function revisionOf(yaml: string): Revision {
  const { resources, findings } = parseResources(yaml, { file: 'mesh/test.yaml', defaultNamespace: 'default' });
  const errors = findings.filter(({ level }) => level === 'Error');
  if (errors.length > 0) throw new Error(errors.map((finding) => `${finding.reference} ${finding.message}`).join('\n'));
  return { number: 1, hash: 'test', resources, author: '', time: 0 };
}

/** A table for a caller in `default` that knows the services of Bookinfo. */
export function tableFrom(yaml: string, more: Partial<CompileInput> = {}): RouteTable {
  return compileRoutes({
    revision: revisionOf(yaml),
    services: BOOKINFO,
    self: { namespace: 'default', labels: { app: 'client', version: 'v1' } },
    gateways: ['mesh'],
    defaults: 'lateen',
    outboundTrafficPolicy: 'ALLOW_ANY',
    mtls: 'auto',
    ...more,
  });
}

/** A request by URL: `to('http://reviews:9080/x?y=1')`; the path is taken as it stands. */
export function to(url: string, more: Partial<RouteRequest> = {}): RouteRequest {
  const [, scheme = '', authority = '', path = '/'] = /^(\w+):\/\/([^/]*)(.*)$/.exec(url) ?? [];
  const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? (scheme === 'https' ? 443 : 80));
  return { method: 'GET', path, authority, port, scheme, headers: [], ...more };
}

/** The route of a match, or a failure that says what came instead. */
export function routeOf(match: Match): Route {
  if (match.kind !== 'route') throw new Error(`expected a route, got ${JSON.stringify(match)}`);
  return match.route;
}

/** Where a request goes, in one word: a subset, a status, a cluster, or the kind of a match that is no route. */
export function outcome(table: RouteTable, request: RouteRequest): string {
  const match = table.match(request);
  if (match.kind !== 'route') return match.kind;
  const { action } = match.route;
  if (action.kind === 'redirect') return action.redirect.location(request);
  if (action.kind === 'respond') return String(action.response.status);
  return action.destinations.map(({ cluster }) => cluster).join(' + ');
}

/** YAML of a VirtualService around its http rules, given with the indentation of a top-level list. */
export function virtualService(host: string, http: string, more = ''): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${host.replaceAll(/[^a-z0-9]/g, '-').replaceAll(/^-+|-+$/g, '') || 'any'}, namespace: default }
spec:
  hosts: ["${host}"]
${more}
  http:
${indent(http)}
`;
}

/** YAML of a DestinationRule around the fields of its spec below `host`. */
export function destinationRule(host: string, spec: string, name = host, namespace = 'default'): string {
  return `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name.replaceAll(/[^a-z0-9]/g, '-').replaceAll(/^-+|-+$/g, '') || 'any'}, namespace: ${namespace} }
spec:
  host: "${host}"
${indent(spec)}
`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
