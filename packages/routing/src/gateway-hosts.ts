import { resourcesOfKind } from '@lateen/resources';
import { ruleScope, type CompileContext, type VisibleVirtualService } from './compile-context.ts';
import { hostIntersection } from './host-names.ts';
import { compileRules, type CompiledRules } from './route-compiler.ts';
import { VirtualHost } from './virtual-host.ts';

/** One `hosts` entry of a Gateway server: `shop.example.com`, `default/*`, `./a.example.com`. */
interface ServerHost {
  /** `default/bookinfo-gateway` */
  readonly gateway: string;
  /** Namespace the VirtualService must be in; undefined = any. */
  readonly namespace: string | undefined;
  readonly host: string;
}

/**
 * What the servers of the Gateways on one port serve: for each host that a VirtualService and a server have in common the
 * rules of all VirtualServices for it, by name, with those that take every request moved to the end.
 */
export function gatewayVirtualHosts(context: CompileContext, port: number): VirtualHost[] {
  const serverHosts = serverHostsOn(context, port);
  const rulesByHost = new Map<string, Set<VisibleVirtualService>>();
  for (const rule of context.virtualServices) {
    for (const host of commonHosts(rule, serverHosts)) {
      const rules = rulesByHost.get(host) ?? new Set();
      rulesByHost.set(host, rules.add(rule));
    }
  }
  return [...rulesByHost].map(([host, rules]) => {
    const compiled = [...rules].map((rule) =>
      compileRules(rule.resource, rule.resource.spec.http ?? [], ruleScope(context, rule, host, port)),
    );
    return new VirtualHost(host, [host], port, merged(compiled));
  });
}

function serverHostsOn(context: CompileContext, port: number): ServerHost[] {
  const served = new Set(context.input.gateways);
  return resourcesOfKind(context.input.revision, 'Gateway').flatMap(({ spec, metadata }) => {
    const gateway = `${metadata.namespace}/${metadata.name}`;
    if (!served.has(gateway)) return [];
    const servers = spec.servers.filter((server) => server.port.number === port);
    return servers.flatMap((server) => server.hosts.map((host) => serverHost(host, gateway, metadata.namespace)));
  });
}

function serverHost(text: string, gateway: string, gatewayNamespace: string): ServerHost {
  const slash = text.indexOf('/');
  const host = text.slice(slash + 1).toLowerCase();
  const namespace = slash === -1 ? '*' : text.slice(0, slash);
  if (namespace === '*') return { gateway, namespace: undefined, host };
  return { gateway, namespace: namespace === '.' ? gatewayNamespace : namespace, host };
}

function commonHosts(rule: VisibleVirtualService, serverHosts: readonly ServerHost[]): string[] {
  return serverHosts
    .filter(({ gateway, namespace }) => rule.gateways.has(gateway) && (namespace ?? ruleNamespace(rule)) === ruleNamespace(rule))
    .flatMap((server) => rule.hosts.flatMap((host) => hostIntersection(server.host, host) ?? []));
}

function ruleNamespace(rule: VisibleVirtualService): string {
  return rule.resource.metadata.namespace;
}

function merged(compiled: readonly CompiledRules[]): CompiledRules {
  const rules = compiled.flatMap((each) => each.rules);
  return {
    rules: [...rules.filter((rule) => !rule.block.catchAll), ...rules.filter((rule) => rule.block.catchAll)],
    skipped: compiled.flatMap((each) => each.skipped),
  };
}
