import type { ServiceDescription } from '@lateen/discovery';
import { resourcesOfKind, type Resource, type SidecarSpec } from '@lateen/resources';
import type { CompileInput } from './compile-input.ts';
import { byCreation } from './creation-order.ts';
import { hostsOverlap } from './host-names.ts';
import { rootNamespaceOf } from './mesh-config.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

type SidecarResource = Resource<'Sidecar', SidecarSpec>;
type EgressListener = NonNullable<SidecarSpec['egress']>[number];

/** What a caller sees on one port. */
export interface EgressView {
  readonly services: readonly ServiceDescription[];
  readonly virtualServices: readonly VisibleVirtualService[];
}

/** What the caller may call: everything, or what its Sidecar lets through. */
export interface Egress {
  /** Undefined where no listener of the Sidecar covers the port. */
  viewOf(port: number): EgressView | undefined;
  /** Each view once. */
  readonly views: readonly EgressView[];
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly sidecar: SidecarResource | undefined;
}

/**
 * @param candidates everything exported to the caller; of services with one host all of them, since a Sidecar chooses among them by namespace
 */
export function egressOf(
  input: CompileInput,
  candidates: readonly ServiceDescription[],
  virtualServices: readonly VisibleVirtualService[],
): Egress {
  const sidecar = sidecarFor(input);
  const meshWide = input.meshConfig?.outboundTrafficPolicy?.mode ?? input.outboundTrafficPolicy;
  const own = sidecar?.spec.outboundTrafficPolicy;
  // The zero value of Istio's enumeration is REGISTRY_ONLY: a Sidecar's block without a mode means that.
  const outboundTrafficPolicy = own ? (own.mode ?? 'REGISTRY_ONLY') : meshWide;
  const listeners = sidecar?.spec.egress;
  if (!listeners?.length) {
    const everything = { services: onePerHost(candidates, input.self.namespace), virtualServices };
    return { viewOf: () => everything, views: [everything], outboundTrafficPolicy, sidecar };
  }
  const views = listeners.map((listener) => ({
    port: listener.port?.number || undefined,
    ...viewThrough(listener, candidates, virtualServices, input.self.namespace),
  }));
  return {
    viewOf: (port) => views.find((view) => view.port === undefined || view.port === port),
    views,
    outboundTrafficPolicy,
    sidecar,
  };
}

/** The caller's own by selector, else its namespace's, else the root namespace's; gateways have none. */
export function sidecarFor(
  input: Pick<CompileInput, 'gateways' | 'self' | 'revision' | 'meshConfig'>,
): SidecarResource | undefined {
  if (!input.gateways.includes('mesh')) return undefined;
  const { namespace, labels } = input.self;
  const all = byCreation(resourcesOfKind(input.revision, 'Sidecar'));
  const own = all.filter(({ metadata }) => metadata.namespace === namespace);
  const selecting = own.find(({ spec }) => {
    const wanted = spec.workloadSelector && Object.entries(spec.workloadSelector.labels ?? {});
    return wanted?.every(([label, value]) => labels[label] === value);
  });
  const root = rootNamespaceOf(input.meshConfig);
  return (
    selecting ??
    own.find(({ spec }) => !spec.workloadSelector) ??
    all.find(({ spec, metadata }) => metadata.namespace === root && !spec.workloadSelector)
  );
}

/** One entry of `hosts`: `./*`, `prod/reviews.prod.svc.cluster.local`, `~/*` for nothing, `~prod/*` for an exception. */
interface HostFilter {
  readonly namespace: string;
  readonly host: string;
}

function viewThrough(
  { hosts, port }: EgressListener,
  candidates: readonly ServiceDescription[],
  virtualServices: readonly VisibleVirtualService[],
  ownNamespace: string,
): EgressView {
  const texts = hosts.filter((text) => !text.startsWith('~/'));
  const included = texts.filter((text) => !text.startsWith('~')).map((text) => hostFilter(text, ownNamespace));
  const excluded = texts.filter((text) => text.startsWith('~')).map((text) => hostFilter(text.slice(1), ownNamespace));
  const takes = (namespace: string, host: string): boolean =>
    included.some((filter) => filterTakes(filter, namespace, host)) &&
    !excluded.some((filter) => filterTakes(filter, namespace, host));
  const services = candidates.filter(
    (service) =>
      takes(service.namespace, service.host) && (!port?.number || service.ports.some(({ number }) => number === port.number)),
  );
  return {
    services: onePerHost(services, ownNamespace),
    virtualServices: virtualServices.filter(({ namespace, hosts: ruled }) => ruled.some((host) => takes(namespace, host))),
  };
}

function hostFilter(text: string, ownNamespace: string): HostFilter {
  const slash = text.indexOf('/');
  const namespace = slash === -1 ? '*' : text.slice(0, slash);
  return { namespace: namespace === '.' ? ownNamespace : namespace, host: text.slice(slash + 1).toLowerCase() };
}

function filterTakes(filter: HostFilter, namespace: string, host: string): boolean {
  return (filter.namespace === '*' || filter.namespace === namespace) && hostsOverlap(filter.host, host);
}

/** Of services with one host the one in the caller's namespace, else the first. */
function onePerHost(services: readonly ServiceDescription[], ownNamespace: string): readonly ServiceDescription[] {
  const byHost = new Map<string, ServiceDescription>();
  for (const service of services) {
    if (!byHost.has(service.host) || service.namespace === ownNamespace) byHost.set(service.host, service);
  }
  return byHost.size === services.length ? services : [...byHost.values()];
}
