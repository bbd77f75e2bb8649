import type { RouteRequest } from '../src/index.ts';
import { naiveBlockTakes, type NaiveBlock } from './naive-router.ts';

/** A match block with what decides where it counts at all. */
export interface NaiveScopedBlock extends NaiveBlock {
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
}

export interface NaiveRule {
  readonly match?: readonly NaiveScopedBlock[];
  readonly directResponse: { readonly status: number };
}

export interface NaiveVirtualService {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http: readonly NaiveRule[];
}

export interface NaiveService {
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly number[];
  readonly exportTo?: readonly string[];
}

export interface NaiveMesh {
  readonly services: readonly NaiveService[];
  readonly virtualServices: readonly NaiveVirtualService[];
  /** `hosts` of a Sidecar's egress listeners; undefined = no Sidecar. */
  readonly egress: readonly { readonly port?: number; readonly hosts: readonly string[] }[] | undefined;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The status of the rule that takes a request; `default`, `no-route`, `unknown` where there is none. Reads everything from the beginning each time. */
export function naiveAnswer(mesh: NaiveMesh, request: RouteRequest): string {
  const { port } = request;
  const listener = mesh.egress?.find((each) => each.port === undefined || each.port === port);
  if (mesh.egress && !listener) return 'unknown';
  const seen = (namespace: string, host: string): boolean =>
    !listener || listener.hosts.some((entry) => lets(entry, namespace, host, mesh.namespace));
  const services = mesh.services.filter(
    (service) =>
      visibility(service.exportTo, service.namespace, mesh.namespace) < 3 &&
      seen(service.namespace, service.host) &&
      service.ports.includes(port),
  );
  const rules = ordered(mesh).filter(({ hosts, namespace }) => hosts.some((host) => seen(namespace, host)));
  const owners = new Map<string, NaiveVirtualService>();
  for (const rule of rules) {
    if (applying(mesh, rule, port).length === 0) continue;
    const owned = services.filter(({ host }) => names(rules, rule, host));
    const further = rule.hosts.filter((host) => !services.some((service) => covers(host, service.host)));
    const claimed = [...(owned.length > 0 || port === 80 ? further : []), ...owned.map(({ host }) => host)];
    for (const host of claimed) if (!owners.has(host)) owners.set(host, rule);
  }
  const host = hostAsked(request.authority, [...owners.keys()], services, mesh.namespace);
  if (host === undefined) return 'unknown';
  const owner = owners.get(host);
  if (!owner) return 'default';
  const taken = applying(mesh, owner, port).find(({ block }) => !block || naiveBlockTakes(block, request));
  return taken ? String(taken.rule.directResponse.status) : 'no-route';
}

/** Those that keep themselves to the caller's namespace, those exported to it by name, all others; among these by name. */
function ordered(mesh: NaiveMesh): NaiveVirtualService[] {
  const rank = ({ exportTo, namespace }: NaiveVirtualService): number => visibility(exportTo, namespace, mesh.namespace);
  return mesh.virtualServices
    .filter((rule) => rank(rule) < 3 && (rule.gateways ?? ['mesh']).includes('mesh'))
    .sort((a, b) => rank(a) - rank(b) || (`${a.name}.${a.namespace}` < `${b.name}.${b.namespace}` ? -1 : 1));
}

function visibility(exportTo: readonly string[] | undefined, own: string, caller: string): number {
  if (!exportTo || exportTo.length === 0 || exportTo.includes('*')) return 2;
  if (own === caller && (exportTo.includes('.') || exportTo.includes(own))) return 0;
  return exportTo.includes(caller) ? 1 : 3;
}

interface CountingBlock {
  readonly rule: NaiveRule;
  /** Undefined where the rule has no `match`. */
  readonly block: NaiveScopedBlock | undefined;
}

/** A rule's blocks that count for this caller on this port, one by one; a rule without `match` takes everything. */
function applying(mesh: NaiveMesh, { http }: NaiveVirtualService, port: number): CountingBlock[] {
  return http.flatMap((rule): CountingBlock[] => {
    if (!rule.match || rule.match.length === 0) return [{ rule, block: undefined }];
    return rule.match.filter((block) => isForUs(mesh, block, port)).map((block) => ({ rule, block }));
  });
}

function isForUs(mesh: NaiveMesh, block: NaiveScopedBlock, port: number): boolean {
  if (block.port !== undefined && block.port !== port) return false;
  if (block.gateways) return block.gateways.includes('mesh');
  if (block.sourceNamespace !== undefined && block.sourceNamespace !== mesh.namespace) return false;
  return Object.entries(block.sourceLabels ?? {}).every(([label, value]) => mesh.labels[label] === value);
}

/** Whether the VirtualService is the one for a service: by name, or where nobody names it by the longest wildcard, the first of equals. */
function names(rules: readonly NaiveVirtualService[], rule: NaiveVirtualService, host: string): boolean {
  if (rule.hosts.includes(host)) return true;
  if (rules.some(({ hosts }) => hosts.includes(host))) return false;
  const wildcards = rules.flatMap((each) =>
    each.hosts.filter((pattern) => covers(pattern, host)).map((pattern) => ({ each, pattern })),
  );
  const longest = Math.max(...wildcards.map(({ pattern }) => pattern.length));
  return wildcards.find(({ pattern }) => pattern.length === longest)?.each === rule;
}

function hostAsked(
  authority: string,
  ruled: readonly string[],
  services: readonly NaiveService[],
  namespace: string,
): string | undefined {
  const name = authority.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const hosts = [...new Set([...ruled, ...services.map(({ host }) => host)])];
  const short = services.find(({ host }) => {
    const [service, own] = host.split('.');
    if (!host.includes('.svc.')) return false;
    return [`${service}.${own}.svc`, `${service}.${own}`, ...(own === namespace ? [service] : [])].includes(name);
  });
  if (hosts.includes(name)) return name;
  if (short) return short.host;
  return hosts.filter((host) => host.startsWith('*') && covers(host, name)).sort((a, b) => b.length - a.length)[0];
}

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.length >= pattern.length && host.endsWith(pattern.slice(1)) : pattern === host;
}

/** One entry of a Sidecar's `hosts`. */
function lets(entry: string, namespace: string, host: string, own: string): boolean {
  const [scope, pattern = ''] = entry.split('/');
  const fits = scope === '*' || scope === namespace || (scope === '.' && namespace === own);
  const overlaps = covers(pattern, host) || (host.startsWith('*') && (covers(host, pattern) || pattern.endsWith(host.slice(1))));
  return fits && (pattern === '*' || overlaps);
}
