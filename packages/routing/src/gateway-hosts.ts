import { originOf, type GatewaySpec, type Resource } from '@lateen/resources';
import type { CompileContext } from './compile-context.ts';
import { gatewaysOf } from './gateway-api/gateways.ts';
import { hostIntersection } from './host-names.ts';
import type { CompiledRules } from './route-compiler.ts';
import { rulesFor } from './rule-scope.ts';
import type { Route } from './route.ts';
import { tlsRedirectRoute } from './tls-redirect.ts';
import { VirtualHost } from './virtual-host.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/** One `servers` entry of a Gateway. */
interface Server {
  /** `default/bookinfo-gateway` */
  readonly gateway: string;
  readonly hosts: readonly ServerHost[];
  /** Set with `httpsRedirect`. */
  readonly tlsRedirect: ((host: string) => Route) | undefined;
}

/** One of its hosts: `shop.example.com`, `default/*`, `./a.example.com`. */
interface ServerHost {
  /** Namespace the VirtualService must be in; undefined = any. */
  readonly namespace: string | undefined;
  readonly host: string;
}

interface HostRules {
  readonly compiled: CompiledRules[];
  tlsRedirect: Route | undefined;
}

/**
 * What the servers of the Gateways on one port serve: for each host that a VirtualService and a server have in common the rules of all
 * VirtualServices for it, server by server and in their order, with those that take every request moved to the end.
 */
export function gatewayVirtualHosts(context: CompileContext, port: number): VirtualHost[] {
  const hosts = new Map<string, HostRules>();
  for (const server of serversOn(context, port)) {
    for (const rule of context.virtualServices) {
      if (rule.gateways.has(server.gateway)) addRules(context, server, rule, port, hosts);
    }
    for (const { host } of server.tlsRedirect ? server.hosts : [])
      hostRules(hosts, host).tlsRedirect ??= server.tlsRedirect?.(host);
  }
  return [...hosts].map(
    ([host, { compiled, tlsRedirect }]) => new VirtualHost(host, [host], [], port, merged(compiled), { tlsRedirect }),
  );
}

/** A VirtualService of which no rule is for this Gateway and port serves no host there. */
function addRules(
  context: CompileContext,
  server: Server,
  rule: VisibleVirtualService,
  port: number,
  hosts: Map<string, HostRules>,
): void {
  for (const host of new Set(commonHosts(rule, server.hosts))) {
    const compiled = rulesFor(context, rule, host, port, server.gateway);
    if (compiled.rules.length === 0) continue;
    const entry = hostRules(hosts, host);
    entry.compiled.push(compiled);
    entry.tlsRedirect ??= server.tlsRedirect?.(host);
  }
}

function hostRules(hosts: Map<string, HostRules>, host: string): HostRules {
  const known = hosts.get(host);
  if (known) return known;
  const made: HostRules = { compiled: [], tlsRedirect: undefined };
  hosts.set(host, made);
  return made;
}

function serversOn({ input }: CompileContext, port: number): Server[] {
  const served = new Set(input.gateways);
  return gatewaysOf(input.revision).flatMap((resource) => {
    const gateway = `${resource.metadata.namespace}/${resource.metadata.name}`;
    if (!served.has(gateway)) return [];
    return resource.spec.servers.flatMap((server, index) =>
      server.port.number === port && (input.gatewayServer ?? `${gateway}#${index}`) === `${gateway}#${index}`
        ? [serverOf(resource, server, index, gateway)]
        : [],
    );
  });
}

function serverOf(
  resource: Resource<'Gateway', GatewaySpec>,
  { hosts, tls }: GatewaySpec['servers'][number],
  index: number,
  gateway: string,
): Server {
  const origin = originOf(resource, `/spec/servers/${index}`);
  return {
    gateway,
    hosts: hosts.map((host) => serverHost(host, resource.metadata.namespace)),
    tlsRedirect: tls?.httpsRedirect ? (host) => tlsRedirectRoute(host, origin) : undefined,
  };
}

function serverHost(text: string, gatewayNamespace: string): ServerHost {
  const slash = text.indexOf('/');
  const host = text.slice(slash + 1).toLowerCase();
  const namespace = slash === -1 ? '*' : text.slice(0, slash);
  if (namespace === '*') return { namespace: undefined, host };
  return { namespace: namespace === '.' ? gatewayNamespace : namespace, host };
}

function commonHosts(rule: VisibleVirtualService, hosts: readonly ServerHost[]): string[] {
  return hosts
    .filter(({ namespace }) => namespace === undefined || namespace === rule.namespace)
    .flatMap((server) => rule.hosts.flatMap((host) => hostIntersection(server.host, host) ?? []));
}

function merged(compiled: readonly CompiledRules[]): CompiledRules {
  const rules = compiled.flatMap((each) => each.rules);
  return {
    rules: [...rules.filter((rule) => !rule.block.catchAll), ...rules.filter((rule) => rule.block.catchAll)],
    skipped: compiled.flatMap((each) => each.skipped),
  };
}
