import {
  type AddressAttribute,
  claim,
  DESTINATION_IP,
  header,
  HOST,
  METHOD,
  NAMESPACE,
  PATH,
  PRINCIPAL,
  REMOTE_IP,
  SERVICE_ACCOUNT,
  SNI,
  SOURCE_IP,
  TRUST_DOMAIN,
} from '../match/attribute.ts';
import { type Condition, IpCondition, NeverCondition, PortCondition, TextCondition } from '../match/condition.ts';
import { IpBlock } from '../match/ip-block.ts';
import { pathTemplate, starInside } from '../match/path-template.ts';
import { TextSet } from '../match/text-set.ts';
import type { PolicyWorkload } from '../workload.ts';
import { requestPrincipals } from './request-principals.ts';
import { domainsWithAliases, withAliases } from './trust-domains.ts';

/** What compiling the values of a field needs to know. */
export interface FieldContext {
  readonly workload: PolicyWorkload;
  /** The policy's: what a service account without namespace is of. */
  readonly namespace: string;
}

/** How the values of one field become a condition. */
export interface Field {
  /** As it is written: `paths`, `request.headers[x]`. */
  readonly name: string;
  /** It is about requests, so a raw connection has none of it. */
  readonly httpOnly: boolean;
  /** Whether one value can be compiled; absent: every one can. */
  readonly accepts?: (value: string) => boolean;
  readonly compile: (values: readonly string[], text: string, context: FieldContext) => Condition;
}

export const FIELDS = {
  principals: { name: 'principals', httpOnly: false, compile: principals },
  namespaces: { name: 'namespaces', httpOnly: false, compile: namespaces },
  serviceAccounts: { name: 'serviceAccounts', httpOnly: false, compile: serviceAccounts },
  trustDomains: { name: 'trustDomains', httpOnly: false, compile: trustDomains },
  requestPrincipals: { name: 'requestPrincipals', httpOnly: true, compile: (values, text) => requestPrincipals(values, text) },
  ipBlocks: addresses('ipBlocks', SOURCE_IP),
  remoteIpBlocks: addresses('remoteIpBlocks', REMOTE_IP),
  hosts: {
    name: 'hosts',
    httpOnly: true,
    compile: (values, text) => new TextCondition(text, HOST, TextSet.of(values.map(lower), { presence: 'present' })),
  },
  ports: ports('ports'),
  methods: {
    name: 'methods',
    httpOnly: true,
    compile: (values, text) => new TextCondition(text, METHOD, TextSet.of(values, { presence: 'present' })),
  },
  paths: {
    name: 'paths',
    httpOnly: true,
    compile: (values, text) => new TextCondition(text, PATH, TextSet.of(values, { patternOf: pathTemplate })),
  },
} as const satisfies Record<string, Field>;

/** The field that a key of `when` names; undefined for none that Istio has. */
export function fieldOfKey(key: string): Field | undefined {
  if (key.startsWith('request.headers[')) return headerField(key);
  if (key.startsWith('request.auth.claims[')) return claimField(key);
  if (key.startsWith('experimental.envoy.filters.'))
    return { name: key, httpOnly: false, compile: (_values, text) => new NeverCondition(text) };
  return KEYS.get(key);
}

const KEYS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['source.ip', addresses('source.ip', SOURCE_IP)],
  ['remote.ip', addresses('remote.ip', REMOTE_IP)],
  ['destination.ip', addresses('destination.ip', DESTINATION_IP)],
  ['destination.port', ports('destination.port')],
  ['source.principal', { ...FIELDS.principals, name: 'source.principal' }],
  ['source.namespace', { ...FIELDS.namespaces, name: 'source.namespace' }],
  ['source.serviceAccount', { ...FIELDS.serviceAccounts, name: 'source.serviceAccount' }],
  ['source.trustDomain', { ...FIELDS.trustDomains, name: 'source.trustDomain' }],
  [
    'connection.sni',
    { name: 'connection.sni', httpOnly: false, compile: (values, text) => new TextCondition(text, SNI, TextSet.of(values)) },
  ],
  ['request.auth.principal', { ...FIELDS.requestPrincipals, name: 'request.auth.principal' }],
  ['request.auth.audiences', claims('request.auth.audiences', ['aud'])],
  ['request.auth.presenter', claims('request.auth.presenter', ['azp'])],
]);

function headerField(key: string): Field | undefined {
  const name = /^request\.headers\[([^\]]+)\]$/.exec(key)?.[1];
  if (name === undefined) return undefined;
  const attribute = header(name);
  return {
    name: key,
    httpOnly: true,
    compile: (values, text) => new TextCondition(text, attribute, TextSet.of(values, { presence: 'present' })),
  };
}

/** `[nested][key]`; where the brackets don't pair up that way, all within the outer ones is one name. */
function claimField(key: string): Field | undefined {
  const inner = key.slice('request.auth.claims'.length);
  if (!/^\[.+\]$/s.test(inner)) return undefined;
  const path = inner.slice(1, -1);
  return claims(key, /^(\[[^[\]]+\])+$/.test(inner) ? path.split('][') : [path]);
}

function claims(name: string, path: readonly string[]): Field {
  const attribute = claim(path);
  return { name, httpOnly: true, compile: (values, text) => new TextCondition(text, attribute, TextSet.of(values)) };
}

function addresses(name: string, attribute: AddressAttribute): Field {
  return {
    name,
    httpOnly: false,
    accepts: (value) => IpBlock.parse(value) !== undefined,
    compile: (values, text) =>
      new IpCondition(
        text,
        attribute,
        values.map((value) => IpBlock.parse(value)).filter((block) => !!block),
      ),
  };
}

function ports(name: string): Field {
  return {
    name,
    httpOnly: false,
    accepts: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
    compile: (values, text) => new PortCondition(text, values.map(Number)),
  };
}

function principals(values: readonly string[], text: string, { workload }: FieldContext): Condition {
  return new TextCondition(text, PRINCIPAL, TextSet.of(withAliases(values, workload).map(asId)));
}

/** Policies leave the scheme out. */
function asId(principal: string): string {
  return principal.startsWith('*') ? principal : `spiffe://${principal}`;
}

function namespaces(values: readonly string[], text: string): Condition {
  return new TextCondition(text, NAMESPACE, TextSet.of(values, { patternOf: starInside }));
}

function serviceAccounts(values: readonly string[], text: string, { namespace }: FieldContext): Condition {
  const whole = values.map((value) => (value.includes('/') ? value : `${namespace}/${value}`));
  return new TextCondition(text, SERVICE_ACCOUNT, TextSet.of(whole));
}

function trustDomains(values: readonly string[], text: string, { workload }: FieldContext): Condition {
  return new TextCondition(text, TRUST_DOMAIN, TextSet.of(domainsWithAliases(values, workload), { patternOf: starInside }));
}

function lower(text: string): string {
  return text.toLowerCase();
}
