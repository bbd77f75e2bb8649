import { LateenError } from '@lateen/core';
import type { ClusterSpec } from './cluster-spec.ts';
import { changedHosts } from './changed-hosts.ts';
import { CompileCache, type VirtualHosts } from './compile-cache.ts';
import { compileClusters } from './clusters.ts';
import { type CompileContext, compileContext, servesMesh } from './compile-context.ts';
import type { CompileInput } from './compile-input.ts';
import { describeHost } from './describe.ts';
import { explainMatch } from './explain.ts';
import { gatewayVirtualHosts } from './gateway-hosts.ts';
import { hostsByPort, type PortHosts } from './hosts-by-port.ts';
import { meshVirtualHosts } from './mesh-hosts.ts';
import type { Match, RouteRequest } from './route.ts';
import type { MatchExplanation, RouteDescription, RouteTable } from './route-table.ts';
import type { VirtualHost } from './virtual-host.ts';
import { whyUnknown } from './why-unknown.ts';

const PASSTHROUGH: Match = { kind: 'passthrough' };
const REFUSED: Match = { kind: 'refused' };
/** Hosts that no Gateway serves share one label, whatever callers make up. */
const NOT_SERVED: Match = { kind: 'no-route', host: 'unknown' };

/**
 * Compiles a configuration and the services known now into a table that answers requests without looking at either again.
 *
 * @throws LateenError `LATEEN_CONFIG_INVALID` naming file and line, where a rule can't be carried out.
 */
export function compileRoutes(input: CompileInput): RouteTable {
  return compileWith(input, new CompileCache());
}

/**
 * Compiles one configuration after the other. Resources that are the same objects as the time before cost nothing again, so that a
 * change costs what it changes; a compilation that throws leaves no trace.
 */
export class RouteCompiler {
  #cache = new CompileCache();
  #settings: Omit<CompileInput, 'revision' | 'services'> | undefined;

  /** @throws LateenError as {@link compileRoutes} */
  compile(input: CompileInput): RouteTable {
    const { revision: _revision, services: _services, ...settings } = input;
    if (!this.#settings || !isSame(this.#settings, settings)) this.#cache = new CompileCache();
    this.#settings = settings;
    this.#cache.forgetNext();
    const table = compileWith(input, this.#cache);
    this.#cache.turn();
    return table;
  }
}

function isSame(one: object, other: object): boolean {
  const fields = Object.entries(one);
  return fields.length === Object.keys(other).length && fields.every(([name, value]) => other[name as never] === value);
}

function compileWith(input: CompileInput, cache: CompileCache): RouteTable {
  const context = compileContext(input, cache);
  const clusters = compileClusters(context);
  const { gatewayPort } = input;
  if (servesMesh(input)) {
    const hosts = virtualHosts(context, () => changedHosts(context) ?? meshVirtualHosts(context));
    const unknown = context.egress.outboundTrafficPolicy === 'ALLOW_ANY' ? PASSTHROUGH : REFUSED;
    return new CompiledTable(hosts, context, clusters, unknown, undefined);
  }
  if (gatewayPort === undefined) {
    throw new LateenError('LATEEN_BAD_OPTION', `gatewayPort is missing for the gateways ${input.gateways.join(', ')}`);
  }
  const hosts = virtualHosts(context, () => gatewayVirtualHosts(context, gatewayPort));
  return new CompiledTable(hosts, context, clusters, NOT_SERVED, gatewayPort);
}

/** Those of the last table where nothing that they are made of has changed. */
function virtualHosts({ cache, virtualHosts, lastVirtualHosts }: CompileContext, make: () => VirtualHost[]): VirtualHosts {
  if (lastVirtualHosts?.isMadeOf(virtualHosts)) cache.next.virtualHosts = lastVirtualHosts;
  else {
    virtualHosts.list = make();
    cache.next.virtualHosts = virtualHosts;
  }
  return cache.next.virtualHosts;
}

/** Keeps nothing of the compilation but what it reads. */
function unknownWithin({ input, egress }: CompileContext): (request: RouteRequest) => string | undefined {
  return (request) => whyUnknown({ input, egress }, request);
}

class CompiledTable implements RouteTable {
  readonly clusters: ReadonlyMap<string, ClusterSpec>;
  readonly #hosts: readonly VirtualHost[];
  readonly #byPort: ReadonlyMap<number, PortHosts>;
  readonly #unknownHost: Match;
  /** A gateway's table is for one port, whatever port the caller thinks it dialled. */
  readonly #onlyPort: number | undefined;
  /** Callers mostly ask for the host they asked for before. */
  #lastAuthority = '';
  #lastPort = -1;
  #lastHost: VirtualHost | undefined;
  readonly #whyUnknown: (request: RouteRequest) => string | undefined;

  constructor(
    hosts: VirtualHosts,
    context: CompileContext,
    clusters: ReadonlyMap<string, ClusterSpec>,
    unknownHost: Match,
    onlyPort: number | undefined,
  ) {
    this.clusters = clusters;
    this.#hosts = hosts.list;
    this.#byPort = hostsByPort(hosts, context.lastVirtualHosts);
    this.#unknownHost = unknownHost;
    this.#onlyPort = onlyPort;
    this.#whyUnknown = onlyPort === undefined ? unknownWithin(context) : () => undefined;
  }

  match(request: RouteRequest): Match {
    const host = this.#hostFor(request);
    return host ? host.match(request) : this.#unknownHost;
  }

  describe(): RouteDescription[] {
    const services = new Set(this.#hosts.filter(({ shortNames }) => shortNames.length > 0).map(({ host }) => host));
    // A service that has rules and no port 80 is reachable there by its full name alone, an oddity of Istio's that nobody looks for.
    const isOddity = ({ host, shortNames }: VirtualHost): boolean => shortNames.length === 0 && services.has(host);
    return this.#hosts.filter((host) => !isOddity(host)).flatMap(describeHost);
  }

  explainMatch(request: RouteRequest): MatchExplanation {
    return explainMatch(request, this.#hostFor(request), this.#unknownHost, this.clusters, this.#whyUnknown);
  }

  #hostFor({ authority, port }: RouteRequest): VirtualHost | undefined {
    if (authority === this.#lastAuthority && port === this.#lastPort) return this.#lastHost;
    this.#lastHost = this.#byPort.get(this.#onlyPort ?? port)?.map.find(authority);
    this.#lastAuthority = authority;
    this.#lastPort = port;
    return this.#lastHost;
  }
}
