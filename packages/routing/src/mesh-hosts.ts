import type { ServiceDescription, ServicePort } from '@lateen/discovery';
import { clusterName } from './cluster-name.ts';
import { ruleScope, type CompileContext, type VisibleVirtualService } from './compile-context.ts';
import { HostMap, hostCovers, isWildcard, serviceDomains } from './host-names.ts';
import { compileMatchBlock } from './match-block.ts';
import { compiledRule, compileRules, defaultRoute, type CompiledRules } from './route-compiler.ts';
import { VirtualHost } from './virtual-host.ts';

/** Where a host exists that only a VirtualService names. */
const PORT_WITHOUT_SERVICE = 80;

/** Protocols whose requests http rules apply to; HTTPS ports because it is us who would open the TLS connection. */
const HTTP_PROTOCOLS: ReadonlySet<string> = new Set(['HTTP', 'HTTP2', 'GRPC', 'HTTPS']);

/** What a process inside the mesh can call: a virtual host for each service on each of its ports, and those only rules name. */
export function meshVirtualHosts(context: CompileContext): VirtualHost[] {
  const inMesh = context.virtualServices.filter((rule) => rule.gateways.has('mesh'));
  const hosts: VirtualHost[] = [];
  for (const service of context.services.values()) {
    const owner = ownerOf(service.host, inMesh);
    for (const port of service.ports) hosts.push(serviceHost(context, service, port, owner));
  }
  const claimed = new Set<string>();
  for (const rule of inMesh) {
    for (const host of rule.hosts) {
      if (host === '*' || claimed.has(host) || namesAService(host, context)) continue;
      claimed.add(host);
      hosts.push(hostWithoutService(context, host, rule));
    }
  }
  return hosts;
}

/**
 * By port, then by any spelling of the host; with the port too, as callers mostly write it, so that finding it costs one
 * lookup. Canonical names come before the short forms of others.
 */
export function hostsByPort(hosts: readonly VirtualHost[]): Map<number, HostMap<VirtualHost>> {
  const byPort = new Map<number, HostMap<VirtualHost>>();
  for (const host of hosts) {
    const map = byPort.get(host.port) ?? new HostMap<VirtualHost>();
    byPort.set(host.port, map);
    map.add(host.host, host);
  }
  for (const host of hosts) {
    for (const domain of host.domains) {
      byPort.get(host.port)?.add(domain, host);
      if (!isWildcard(domain)) byPort.get(host.port)?.add(`${domain}:${host.port}`, host);
    }
  }
  return byPort;
}

function serviceHost(
  context: CompileContext,
  service: ServiceDescription,
  port: ServicePort,
  owner: VisibleVirtualService | undefined,
): VirtualHost {
  const domains = serviceDomains(service.host, context.input.self.namespace);
  const ruled = owner !== undefined && HTTP_PROTOCOLS.has(port.protocol);
  const rules = ruled ? rulesOf(context, owner, service.host, port.number) : defaultRules(context, service.host, port.number);
  return new VirtualHost(service.host, domains, port.number, rules);
}

function hostWithoutService(context: CompileContext, host: string, rule: VisibleVirtualService): VirtualHost {
  const domains = serviceDomains(host, context.input.self.namespace);
  return new VirtualHost(host, domains, PORT_WITHOUT_SERVICE, rulesOf(context, rule, host, PORT_WITHOUT_SERVICE));
}

function rulesOf(context: CompileContext, rule: VisibleVirtualService, host: string, port: number): CompiledRules {
  return compileRules(rule.resource, rule.resource.spec.http ?? [], ruleScope(context, rule, host, port));
}

function defaultRules(context: CompileContext, host: string, port: number): CompiledRules {
  const route = defaultRoute(host, clusterName(port, '', host), context.input.defaults);
  return { rules: [compiledRule(compileMatchBlock(undefined), 0, route)], skipped: [] };
}

/** The first VirtualService that names the host exactly, else the one with the longest wildcard over it. */
function ownerOf(host: string, rules: readonly VisibleVirtualService[]): VisibleVirtualService | undefined {
  let owner: VisibleVirtualService | undefined;
  let longest = 0;
  for (const rule of rules) {
    for (const pattern of rule.hosts) {
      if (pattern === host) return rule;
      if (pattern !== '*' && isWildcard(pattern) && hostCovers(pattern, host) && pattern.length > longest) {
        owner = rule;
        longest = pattern.length;
      }
    }
  }
  return owner;
}

function namesAService(host: string, context: CompileContext): boolean {
  if (context.services.has(host)) return true;
  return isWildcard(host) && [...context.services.keys()].some((service) => hostCovers(host, service));
}
