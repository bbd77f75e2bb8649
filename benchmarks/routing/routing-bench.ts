import type { ServiceDescription } from '@lateen/discovery';
import { parseResources, type Resource } from '@lateen/resources';
import { type CompileInput, RouteCompiler, type RouteRequest, type RouteTable } from '@lateen/routing';
import { median } from '../support/slices.ts';

export interface RoutingFigures {
  /** The last of 500 exact and 500 prefix routes of one host. */
  readonly lastExactNs: number;
  readonly lastPrefixNs: number;
  /** A service without rules, as nearly every call. */
  readonly plainNs: number;
  /** 50 rules with a regex each, none of which fits but the last. */
  readonly regexesNs: number;
  /** Routes and clusters of 2000 parsed resources. */
  readonly compileMs: number;
  /** The same with one VirtualService, or one DestinationRule, replaced. */
  readonly changeMs: number;
  /** Reading them from YAML, with positions, validation and all; apart, since that happens where the files are. */
  readonly readMs: number;
}

const SERVICES = 1_000;
const MATCHES = 20_000;

/** The matcher and the compiler of routes by themselves. */
export function benchRouting(rounds: number): RoutingFigures {
  const matching = tableOf(rulesYaml(), [service('big'), service('plain'), service('patterns')]);
  const yaml = meshYaml();
  const started = process.hrtime.bigint();
  const resources = parse(yaml);
  const readMs = Number(process.hrtime.bigint() - started) / 1e6;
  const services = Array.from({ length: SERVICES }, (_, index) => service(`svc-${index}`));
  const at = (path: string, host = 'big'): number => matchNs(matching, { path, host }, rounds);
  return {
    lastExactNs: at('/exact/499'),
    lastPrefixNs: at('/prefix/499/x'),
    plainNs: at('/', 'plain'),
    regexesNs: at('/item/9', 'patterns'),
    compileMs: medianMs(5, () => new RouteCompiler().compile(inputOf(resources, services))),
    changeMs: changeMs(resources, services, rounds),
    readMs,
  };
}

function matchNs(table: RouteTable, { path, host }: { path: string; host: string }, rounds: number): number {
  const request: RouteRequest = {
    method: 'GET',
    path,
    authority: `${host}:9080`,
    port: 9080,
    scheme: 'http',
    headers: ['accept', 'application/json', 'end-user', 'jason'],
  };
  if (table.match(request).kind !== 'route') throw new Error(`${host}${path} has no route`);
  let found = 0;
  const ms = medianMs(rounds + 3, () => {
    for (let i = 0; i < MATCHES; i++) if (table.match(request).kind === 'route') found++;
  });
  if (found === 0) throw new Error('nothing was matched');
  return (ms * 1e6) / MATCHES;
}

/** Replaces another resource each time, as `lateen apply` does; the slowest kind counts. */
function changeMs(resources: readonly Resource[], services: readonly ServiceDescription[], rounds: number): number {
  const compiler = new RouteCompiler();
  let current = [...resources];
  compiler.compile(inputOf(current, services));
  const byKind = [0, 1].map((kind) =>
    medianMs(Math.max(10, rounds), (round) => {
      const index = ((round * 7 + 1) % SERVICES) * 2 + kind;
      current = current.with(index, structuredClone(current[index] as Resource));
      compiler.compile(inputOf(current, services));
    }),
  );
  return Math.max(...byKind);
}

function medianMs(rounds: number, run: (round: number) => void): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    run(round);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return median(times.slice(Math.min(3, rounds >> 1)));
}

function tableOf(yaml: string, services: readonly ServiceDescription[]): RouteTable {
  return new RouteCompiler().compile(inputOf(parse(yaml), services));
}

function parse(yaml: string): readonly Resource[] {
  const { resources, findings } = parseResources(yaml, { file: 'bench.yaml', defaultNamespace: 'default' });
  const errors = findings.filter(({ level }) => level === 'Error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return resources;
}

function inputOf(resources: readonly Resource[], services: readonly ServiceDescription[]): CompileInput {
  return { ...SETTINGS, revision: { number: 1, hash: '', resources, author: '', time: 0 }, services };
}

const SETTINGS: Omit<CompileInput, 'revision' | 'services'> = {
  self: { namespace: 'default', labels: { app: 'client' } },
  gateways: ['mesh'],
  defaults: 'lateen',
  outboundTrafficPolicy: 'ALLOW_ANY',
  mtls: 'auto',
};

function service(name: string): ServiceDescription {
  return {
    host: `${name}.default.svc.cluster.local`,
    name,
    namespace: 'default',
    ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
    location: 'mesh',
    resolution: 'registry',
    identities: [],
    origin: undefined,
  };
}

const HEAD = 'apiVersion: networking.istio.io/v1\n';

/** 1000 exact and prefix routes of one host in turn, and a host with 50 patterns. */
function rulesYaml(): string {
  const rule = (uri: string, host: string): string =>
    `  - match: [{ uri: ${uri} }]\n    route: [{ destination: { host: ${host} } }]\n`;
  const plain = Array.from(
    { length: 500 },
    (_, n) => rule(`{ exact: /exact/${n} }`, 'big') + rule(`{ prefix: /prefix/${n}/ }`, 'big'),
  );
  const patterns = Array.from({ length: 50 }, (_, n) =>
    rule(`{ regex: ".*/${49 - n === 0 ? 'item/[0-9]+' : `no-${n}/[0-9]+`}" }`, 'patterns'),
  );
  return `${virtualService('big', plain.join(''))}---\n${virtualService('patterns', patterns.join(''))}`;
}

/** 1000 VirtualServices and as many DestinationRules, in turn. */
function meshYaml(): string {
  const one = (n: number): string =>
    `${virtualService(
      `svc-${n}`,
      `  - match: [{ headers: { end-user: { exact: jason } } }]\n    route: [{ destination: { host: svc-${n}, subset: v2 } }]\n` +
        `  - route: [{ destination: { host: svc-${n}, subset: v1 }, weight: 90 }, { destination: { host: svc-${n}, subset: v2 }, weight: 10 }]\n`,
    )}---\n${HEAD}kind: DestinationRule\nmetadata: { name: svc-${n}, namespace: default }\nspec:\n  host: svc-${n}\n` +
    `  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]\n`;
  return Array.from({ length: SERVICES }, (_, n) => one(n)).join('---\n');
}

function virtualService(host: string, http: string): string {
  return `${HEAD}kind: VirtualService\nmetadata: { name: ${host}, namespace: default }\nspec:\n  hosts: [${host}]\n  http:\n${http}`;
}
