import { BlockList, isIPv4 } from 'node:net';
import type { RequestFacts } from '@lateen/authz';

/** A policy as generated: YAML's shape. */
export interface NaivePolicy {
  readonly name: string;
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT';
  readonly rules: readonly NaiveRule[];
}

export interface NaiveRule {
  readonly from?: readonly { readonly source: Lists }[];
  readonly to?: readonly { readonly operation: Lists }[];
  readonly when?: readonly {
    readonly key: string;
    readonly values?: readonly string[];
    readonly notValues?: readonly string[];
  }[];
}

type Lists = Readonly<Record<string, readonly string[]>>;

/** Istio's documentation read aloud, with no thought for speed: a second opinion. */
export function naivelyAllowed(policies: readonly NaivePolicy[], request: RequestFacts): boolean {
  const matching = (action: string): boolean =>
    policies.some((policy) => policy.action === action && policy.rules.some((rule) => ruleHolds(rule, request)));
  if (matching('DENY')) return false;
  if (!policies.some(({ action }) => action === 'ALLOW')) return true;
  return matching('ALLOW');
}

function ruleHolds({ from, to, when }: NaiveRule, request: RequestFacts): boolean {
  if (from && from.length > 0 && !from.some(({ source }) => listsHold(source, request))) return false;
  if (to && to.length > 0 && !to.some(({ operation }) => listsHold(operation, request))) return false;
  return (when ?? []).every(({ key, values = [], notValues = [] }) => {
    if (values.length > 0 && !values.some((value) => attributeHas(key, value, request))) return false;
    return !notValues.some((value) => attributeHas(key, value, request));
  });
}

function listsHold(lists: Lists, request: RequestFacts): boolean {
  return Object.entries(lists).every(([field, values]) => {
    if (!field.startsWith('not')) return values.some((value) => attributeHas(field, value, request));
    const positive = field.charAt(3).toLowerCase() + field.slice(4);
    return !values.some((value) => attributeHas(positive, value, request));
  });
}

function attributeHas(attribute: string, value: string, request: RequestFacts): boolean {
  const { principal: peer } = request;
  switch (attribute) {
    case 'principals':
    case 'source.principal':
      return peer !== undefined && stringMatches(peer.id.replace('spiffe://', ''), value);
    case 'namespaces':
    case 'source.namespace':
      return peer !== undefined && stringMatches(peer.id.split('/')[4] ?? '', value);
    case 'serviceAccounts':
    case 'source.serviceAccount':
      return (
        peer !== undefined && peer.id.endsWith(`/ns/${value.includes('/') ? value.replace('/', '/sa/') : `default/sa/${value}`}`)
      );
    case 'ipBlocks':
    case 'source.ip':
      return inBlock(request.sourceIp, value);
    case 'remoteIpBlocks':
    case 'remote.ip':
      return inBlock(request.remoteIp, value);
    case 'requestPrincipals':
    case 'request.auth.principal':
      return requestPrincipalMatches(request, value);
    case 'hosts':
      return value === '*' || stringMatches(request.host.toLowerCase(), value.toLowerCase());
    case 'methods':
      return stringMatches(request.method, value);
    case 'ports':
    case 'destination.port':
      return String(request.port) === value;
    case 'paths':
      return pathMatches(request.path.split('?')[0] ?? '', value);
    default:
      return keyedHas(attribute, value, request);
  }
}

function keyedHas(attribute: string, value: string, request: RequestFacts): boolean {
  const names = [...attribute.matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name as string);
  if (attribute.startsWith('request.headers')) {
    const lines = request.headers.filter((_, i) => i % 2 === 1 && request.headers[i - 1]?.toLowerCase() === names[0]);
    return lines.some((line) => value === '*' || stringMatches(line, value));
  }
  let claim: unknown = request.claims;
  for (const name of names) claim = (claim as Record<string, unknown> | undefined)?.[name];
  return [claim].flat().some((item) => typeof item === 'string' && stringMatches(item, value));
}

function stringMatches(text: string, value: string): boolean {
  if (value === '*') return text.length > 0;
  if (value.startsWith('*')) return text.endsWith(value.substring(1));
  if (value.endsWith('*')) return text.startsWith(value.substring(0, value.length - 1));
  return text === value;
}

function pathMatches(path: string, value: string): boolean {
  if (!value.includes('{')) return stringMatches(path, value);
  return segmentsMatch(path.split('/'), value.split('/'));
}

function segmentsMatch(path: readonly string[], template: readonly string[]): boolean {
  const [first, ...rest] = template;
  if (first === undefined) return path.length === 0;
  if (first === '{**}') return path.some((_, i) => segmentsMatch(path.slice(i + 1), rest));
  if (path.length === 0) return false;
  const same = first === '{*}' ? path[0] !== '' : path[0] === first;
  return same && segmentsMatch(path.slice(1), rest);
}

function requestPrincipalMatches({ claims }: RequestFacts, value: string): boolean {
  const { iss, sub } = claims ?? {};
  if (typeof iss !== 'string' || typeof sub !== 'string') return false;
  if (value === '*') return iss !== '' && sub !== '';
  const cut = value.lastIndexOf('/');
  return stringMatches(iss, value.substring(0, cut)) && stringMatches(sub, value.substring(cut + 1));
}

function inBlock(address: string, block: string): boolean {
  const list = new BlockList();
  const [base = '', bits] = block.split('/');
  if (bits === undefined) list.addAddress(base, family(base));
  else list.addSubnet(base, Number(bits), family(base));
  const plain = address.replace('::ffff:', '');
  return family(plain) === family(base) && list.check(plain, family(plain));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
