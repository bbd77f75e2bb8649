import type { ServiceDescription, ServicePort } from '@lateen/discovery';
import { clusterName } from './cluster-name.ts';
import { onPort as entriesOnPort } from './compile-cache.ts';
import type { CompileContext } from './compile-context.ts';
import type { EgressView } from './egress.ts';
import { hostCovers, isWildcard, shortNames } from './host-names.ts';
import { compileMatchBlock } from './match-block.ts';
import { compiledRule, defaultRoute, type CompiledRules, type SkippedRule } from './route-compiler.ts';
import { rulesFor } from './rule-scope.ts';
import type { Route } from './route.ts';
import { VirtualHost } from './virtual-host.ts';
import { VirtualServiceIndex } from './virtual-service-index.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/** Where hosts exist that only a VirtualService names; beyond that on the ports of the services it names besides. */
const PORT_WITHOUT_SERVICE = 80;

/** Protocols whose requests http rules apply to; HTTPS ports because it is us who would open the TLS connection. */
const HTTP_PROTOCOLS: ReadonlySet<string> = new Set(['HTTP', 'HTTP2', 'GRPC', 'HTTPS']);

interface ServiceOnPort {
  readonly service: ServiceDescription;
  readonly port: ServicePort;
}

/** What a process inside the mesh can call: a virtual host for each service on each of its ports, and those only rules name. */
export function meshVirtualHosts(context: CompileContext): VirtualHost[] {
  const indexes = new Map(context.egress.views.map((view) => [view, viewIndex(view)]));
  const ports = new Set([PORT_WITHOUT_SERVICE]);
  for (const { byPort } of indexes.values()) for (const port of byPort.keys()) ports.add(port);
  return [...ports].flatMap((port) => {
    const view = context.egress.viewOf(port);
    const index = view && indexes.get(view);
    return index ? hostsOnPort(context, port, index.byPort.get(port) ?? [], index.rules) : [];
  });
}

function viewIndex({ services, virtualServices }: EgressView): {
  readonly byPort: ReadonlyMap<number, ServiceOnPort[]>;
  readonly rules: VirtualServiceIndex;
} {
  const byPort = new Map<number, ServiceOnPort[]>();
  for (const service of services) {
    for (const port of service.ports) {
      const onPort = byPort.get(port.number);
      if (onPort) onPort.push({ service, port });
      else byPort.set(port.number, [{ service, port }]);
    }
  }
  return { byPort, rules: new VirtualServiceIndex(virtualServices.filter(({ gateways }) => gateways.has('mesh'))) };
}

/**
 * The virtual hosts of one port: VirtualServices in their order with the services they own and the further hosts they name, then the
 * services that nobody owns. Of two for one host the first counts; a VirtualService none of whose rules is for this caller and port
 * owns nothing here.
 */
function hostsOnPort(
  context: CompileContext,
  port: number,
  onPort: readonly ServiceOnPort[],
  rules: VirtualServiceIndex,
): VirtualHost[] {
  const registry = new Map(onPort.map((each) => [each.service.host, each]));
  const hosts = new Map<string, VirtualHost>();
  const notForUs = new Map<string, readonly SkippedRule[]>();
  const httpServices = onPort.filter((each) => HTTP_PROTOCOLS.has(each.port.protocol)).map(({ service }) => service.host);
  const claim = (rule: VisibleVirtualService, host: string): void => {
    if (hosts.has(host)) return;
    const compiled = rulesFor(context, rule, host, port, 'mesh');
    if (compiled.rules.length > 0) {
      hosts.set(host, virtualHost(context, host, port, compiled, registry.has(host), rule));
    } else {
      context.virtualHosts.idleRules.add(rule);
      notForUs.set(host, [...(notForUs.get(host) ?? []), ...compiled.skipped]);
    }
  };
  for (const [rule, owned] of rules.owners(httpServices, port === PORT_WITHOUT_SERVICE)) {
    for (const host of rule.hosts) if (isFurtherHost(host, registry)) claim(rule, host);
    for (const host of owned) claim(rule, host);
  }
  for (const host of registry.keys()) {
    if (hosts.has(host)) continue;
    const compiled = defaultRules(context, host, port, notForUs.get(host) ?? []);
    hosts.set(host, virtualHost(context, host, port, compiled, true, undefined));
  }
  return [...hosts.values()];
}

/** Whether a VirtualService's host is no service that exists on this port. */
function isFurtherHost(host: string, registry: ReadonlyMap<string, ServiceOnPort>): boolean {
  if (host === '*' || registry.has(host)) return false;
  return !isWildcard(host) || ![...registry.keys()].some((service) => hostCovers(host, service));
}

function virtualHost(
  { input, addresses, virtualHosts, lastVirtualHosts }: CompileContext,
  host: string,
  port: number,
  rules: CompiledRules,
  isService: boolean,
  owner: VisibleVirtualService | undefined,
): VirtualHost {
  const own = (isService ? addresses.get(host) : undefined) ?? [];
  const known = lastVirtualHosts?.hosts.get(port)?.get(host);
  const make = (): VirtualHost =>
    new VirtualHost(host, [host, ...own], isService ? shortNames(host, input.self.namespace) : [], port, rules, { owner });
  const made = known?.isMadeOf(rules, own, isService) ? known : make();
  entriesOnPort(virtualHosts.hosts, port).set(host, made);
  return made;
}

function defaultRules(
  { input, virtualHosts, lastVirtualHosts }: CompileContext,
  host: string,
  port: number,
  skipped: readonly SkippedRule[],
): CompiledRules {
  const known = lastVirtualHosts?.defaultRules.get(port)?.get(host);
  const mayStay = known && known.skipped.length === 0 && skipped.length === 0;
  const route = (): Route => defaultRoute(host, clusterName(port, '', host), input.defaults, input.meshConfig);
  const made = mayStay ? known : { rules: [compiledRule(compileMatchBlock(undefined), 0, route())], skipped };
  entriesOnPort(virtualHosts.defaultRules, port).set(host, made);
  return made;
}
