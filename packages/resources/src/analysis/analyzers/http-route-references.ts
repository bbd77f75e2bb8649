import type { Finding } from '../../finding.ts';
import { GATEWAY_API_GROUP } from '../../kinds/index.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';

const LTN0145: CheckDeclaration = {
  code: 'LTN0145',
  level: 'Warning',
  title: 'An HTTPRoute’s backend that is not there',
  what: 'A backend names a Service or a port that nobody has, or a Service of another namespace that gives no leave by a `ReferenceGrant`.',
  why: 'Its share of the requests is answered with 500 (flag NC).',
  mend: 'Name a Service and its port; in the other namespace write a ReferenceGrant from HTTPRoutes of this one.',
  example: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: shop}]
  rules:
  - backendRefs: [{name: shop-v2, port: 80}]`,
};

const LTN0146: CheckDeclaration = {
  code: 'LTN0146',
  level: 'Warning',
  title: 'An HTTPRoute that nobody takes',
  what: 'A parent of the route is a Gateway, one of its listeners, or a Service that is not there.',
  why: 'The route changes nothing, and looks as if it did.',
  mend: 'Name a Gateway and one of its listeners, or a Service.',
  example: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: edge}]
  rules: [{backendRefs: [{name: shop, port: 80}]}]`,
};

type Route = DraftResource<'HTTPRoute'>;

/** LTN0145, LTN0146: what HTTPRoutes point at exists, and may be pointed at. */
export const httpRouteReferences: Analyzer = {
  name: 'lateen.HttpRouteReferenceAnalyzer',
  description: 'Parents and backends of HTTPRoutes exist',
  checks: [LTN0145, LTN0146],
  analyze: (context) =>
    context.knowsAll.hosts
      ? context.of('HTTPRoute').flatMap((route) => [...parentFindings(context, route), ...backendFindings(context, route)])
      : [],
};

function parentFindings(context: AnalysisContext, route: Route): Finding[] {
  return (route.spec.parentRefs ?? []).flatMap((parent, index) => {
    const { group = GATEWAY_API_GROUP, kind = 'Gateway', name = '', namespace = route.metadata.namespace, sectionName } = parent;
    const tell = (what: string): Finding[] => [
      ownFinding(LTN0146, route, `/spec/parentRefs/${index}`, `${what} is not there`, 'name one that is'),
    ];
    if (group === '' && kind === 'Service')
      return hostOf(context, name, namespace, route) ? [] : tell(`Service ${namespace}/${name}`);
    if (group !== GATEWAY_API_GROUP || kind !== 'Gateway') return [];
    const gateway = context
      .of('KubernetesGateway')
      .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (!gateway) return tell(`Gateway ${namespace}/${name}`);
    const isListener = (gateway.spec.listeners ?? []).some((listener) => listener.name === sectionName);
    return sectionName === undefined || isListener ? [] : tell(`listener ${sectionName} of Gateway ${namespace}/${name}`);
  });
}

function backendFindings(context: AnalysisContext, route: Route): Finding[] {
  return (route.spec.rules ?? []).flatMap(({ backendRefs = [] }, rule) =>
    backendRefs.flatMap((backend, index) => {
      const problem = backendProblem(context, route, backend);
      if (!problem) return [];
      const pointer = `/spec/rules/${rule}/backendRefs/${index}`;
      return [
        ownFinding(LTN0145, route, pointer, `${problem}: its requests are answered 500`, 'name a Service that may be named'),
      ];
    }),
  );
}

type Backend = NonNullable<NonNullable<NonNullable<Route['spec']['rules']>[number]>['backendRefs']>[number];

function backendProblem(context: AnalysisContext, route: Route, backend: Backend): string | undefined {
  const { group = '', kind = 'Service', name = '', namespace = route.metadata.namespace, port } = backend;
  if (group !== '' || kind !== 'Service') return undefined;
  const known = hostOf(context, name, namespace, route);
  if (!known) return `Service ${namespace}/${name} is not there`;
  if (port !== undefined && known.ports && !known.ports.some(({ number }) => number === port))
    return `Service ${namespace}/${name} has no port ${port}`;
  if (namespace === route.metadata.namespace || isGranted(context, route, name, namespace)) return undefined;
  return `no ReferenceGrant in ${namespace} lets HTTPRoutes of ${route.metadata.namespace} name Service ${name}`;
}

function hostOf({ hosts }: AnalysisContext, name: string, namespace: string, route: Route) {
  return hosts.find(`${name}.${namespace}.svc.cluster.local`, route.metadata.namespace, undefined);
}

function isGranted({ of }: AnalysisContext, route: Route, name: string, namespace: string): boolean {
  return of('ReferenceGrant').some(
    ({ metadata, spec: { from = [], to = [] } }) =>
      metadata.namespace === namespace &&
      from.some((source) => source.kind === 'HTTPRoute' && source.namespace === route.metadata.namespace) &&
      to.some((target) => target.kind === 'Service' && (!target.name || target.name === name)),
  );
}
