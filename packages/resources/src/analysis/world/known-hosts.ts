import type { DraftResource } from '../analysis-context.ts';
import { EVERY_NAMESPACE, exportScopes } from './export-scopes.ts';
import { qualifiedHost } from './hosts.ts';
import type { Labels } from './labels.ts';

/** A host that a Service, a ServiceEntry or a registry has. */
export interface KnownHost {
  readonly host: string;
  readonly namespace: string;
  /** Undefined: not told, as of registered services. */
  readonly ports: readonly KnownPort[] | undefined;
  /** Which workloads of the namespace serve it; undefined where none are selected. */
  readonly selector: Labels | undefined;
  readonly service?: DraftResource<'Service'>;
  readonly entry?: DraftResource<'ServiceEntry'>;
}

export interface KnownPort {
  readonly number: number;
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly targetPort?: number | string | undefined;
}

/** Hosts by who sees them: what istioctl calls scoped names. A Service hides a ServiceEntry of its name. */
export class KnownHosts {
  readonly #byScopedHost = new Map<string, KnownHost>();
  /** Longest first, so that the most specific pattern is found. */
  readonly #wildcards: { readonly scope: string; readonly suffix: string; readonly known: KnownHost }[] = [];

  constructor(
    entries: readonly DraftResource<'ServiceEntry'>[],
    services: readonly DraftResource<'Service'>[],
    registered: readonly string[],
  ) {
    for (const host of registered) this.#add([EVERY_NAMESPACE], { host, namespace: '', ports: undefined, selector: undefined });
    for (const entry of entries) this.#addEntry(entry);
    for (const service of services) this.#addService(service);
    this.#wildcards.sort((left, right) => right.suffix.length - left.suffix.length);
  }

  get all(): Iterable<KnownHost> {
    return new Set(this.#byScopedHost.values());
  }

  /** What `host`, written in `namespace` in a resource with this `exportTo`, is; undefined when nobody has it. */
  find(host: string, namespace: string, exportTo?: readonly string[]): KnownHost | undefined {
    const name = qualifiedHost(host, namespace);
    const own = !exportTo || exportTo.length === 0 ? [namespace] : exportTo.map((scope) => (scope === '.' ? namespace : scope));
    for (const scope of [EVERY_NAMESPACE, ...own]) {
      const known = this.#byScopedHost.get(`${scope}/${name}`);
      if (known) return known;
    }
    const bare = host.startsWith('*') ? host.slice(1) : host;
    return this.#wildcards.find(
      ({ scope, suffix }) => (scope === EVERY_NAMESPACE || scope === namespace) && bare.endsWith(suffix),
    )?.known;
  }

  #addEntry(entry: DraftResource<'ServiceEntry'>): void {
    const { namespace } = entry.metadata;
    const ports = (entry.spec.ports ?? []).map(({ number = 0, name, protocol, targetPort }) => ({
      number,
      name,
      protocol,
      targetPort,
    }));
    for (const written of entry.spec.hosts ?? []) {
      const host = qualifiedHost(written, namespace);
      const selector = entry.spec.workloadSelector?.labels;
      this.#add(exportScopes(entry.spec.exportTo, namespace), { host, namespace, ports, selector, entry });
    }
  }

  #addService(service: DraftResource<'Service'>): void {
    const { namespace, name, annotations } = service.metadata;
    const exported = annotations['networking.istio.io/exportTo'];
    const ports = (service.spec.ports ?? []).map(({ port = 0, name: portName, protocol, targetPort }) => ({
      number: port,
      name: portName,
      protocol,
      targetPort,
    }));
    this.#add(
      exportScopes(
        exported?.split(',').map((scope) => scope.trim()),
        namespace,
      ),
      {
        host: qualifiedHost(name, namespace),
        namespace,
        ports,
        selector: service.spec.selector,
        service,
      },
    );
  }

  #add(scopes: readonly string[], known: KnownHost): void {
    for (const scope of scopes) {
      this.#byScopedHost.set(`${scope}/${known.host}`, known);
      if (known.host.startsWith('*')) this.#wildcards.push({ scope, suffix: known.host.slice(1), known });
    }
  }
}
