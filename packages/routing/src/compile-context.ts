import type { ServiceDescription } from '@lateen/discovery';
import { resourcesOfKind, type Resource, type VirtualServiceSpec } from '@lateen/resources';
import type { CompileInput } from './compile-input.ts';
import { isExported, resolveHost } from './host-names.ts';
import { qualifiedGateway } from './match-block.ts';
import type { RuleScope } from './route-compiler.ts';

/** A VirtualService that the caller sees, its names completed. */
export interface VisibleVirtualService {
  readonly resource: Resource<'VirtualService', VirtualServiceSpec>;
  readonly hosts: readonly string[];
  /** `mesh`, `default/bookinfo-gateway`. */
  readonly gateways: ReadonlySet<string>;
}

/** The input sorted and completed once, for all that is compiled from it. */
export interface CompileContext {
  readonly input: CompileInput;
  /** By host, only those the caller sees; of two with one host the caller's own namespace wins. */
  readonly services: ReadonlyMap<string, ServiceDescription>;
  /** By name, since of two for one host the first counts. */
  readonly virtualServices: readonly VisibleVirtualService[];
}

export function compileContext(input: CompileInput): CompileContext {
  return { input, services: visibleServices(input), virtualServices: visibleVirtualServices(input) };
}

/** What the rules for one virtual host are compiled for. */
export function ruleScope(context: CompileContext, rule: VisibleVirtualService, host: string, port: number): RuleScope {
  const { input } = context;
  const { self } = input;
  return {
    host,
    match: { gateways: new Set(input.gateways), port, namespace: self.namespace, labels: self.labels },
    destination: {
      ruleNamespace: rule.resource.metadata.namespace,
      port,
      atGateway: !servesMesh(input),
      services: context.services,
    },
    defaults: input.defaults,
  };
}

export function servesMesh(input: CompileInput): boolean {
  return input.gateways.includes('mesh');
}

function visibleServices({ revision, services, self }: CompileInput): ReadonlyMap<string, ServiceDescription> {
  const hidden = new Set(
    resourcesOfKind(revision, 'ServiceEntry')
      .filter(({ spec, metadata }) => !isExported(spec.exportTo, metadata.namespace, self.namespace))
      .flatMap(({ spec, metadata }) => spec.hosts.map((host) => `${metadata.namespace}/${host.toLowerCase()}`)),
  );
  const byHost = new Map<string, ServiceDescription>();
  for (const service of services) {
    if (hidden.has(`${service.namespace}/${service.host}`)) continue;
    if (!byHost.has(service.host) || service.namespace === self.namespace) byHost.set(service.host, service);
  }
  return byHost;
}

function visibleVirtualServices({ revision, self }: CompileInput): readonly VisibleVirtualService[] {
  return resourcesOfKind(revision, 'VirtualService')
    .filter(({ spec, metadata }) => isExported(spec.exportTo, metadata.namespace, self.namespace))
    .sort((a, b) => compareText(`${a.metadata.name}.${a.metadata.namespace}`, `${b.metadata.name}.${b.metadata.namespace}`))
    .map((resource) => {
      const { namespace } = resource.metadata;
      const gateways = resource.spec.gateways?.length ? resource.spec.gateways : ['mesh'];
      return {
        resource,
        hosts: resource.spec.hosts.map((host) => resolveHost(host, namespace)),
        gateways: new Set(gateways.map((name) => qualifiedGateway(name, namespace))),
      };
    });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
