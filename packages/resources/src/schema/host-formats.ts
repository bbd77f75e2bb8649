import { isIP } from 'node:net';
import type { Format } from './format.ts';

/** A DNS label as Istio takes it. */
export const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*-?)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** Labels joined by dots, perhaps with a dot behind; a last one of digits only would be half an IP address. */
export function isDomain(text: string): boolean {
  return text !== '' && text.length <= 255 && areLabels(text);
}

/** A domain whose first label may begin with `*`. A single label may be a number: it is a short name, not an address. */
export function isWildcardDomain(text: string): boolean {
  if (text === '' || text.length > 255) return false;
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  return first.length <= 63 && WILDCARD_LABEL.test(first) && (dot < 0 || areLabels(text.slice(dot + 1)));
}

function areLabels(text: string): boolean {
  const labels = text.split('.');
  const top = labels.at(-1) as string;
  if (/^\d+$/.test(top)) return false;
  return labels.every((label, index) => LABEL.test(label) || (label === '' && index === labels.length - 1));
}

/** What a Gateway or Sidecar names behind its namespace: `*`, a full name, `*.` and one, at a Gateway also an IPv4 address. */
function isListedHost(text: string, takesAddress: boolean): boolean {
  if (text === '*') return true;
  if (!text.includes('.') || (text.includes('*') && !text.startsWith('*.'))) return false;
  return isWildcardDomain(text) || (takesAddress && isIP(text) !== 0);
}

function isGatewayHost(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return isListedHost(text, true);
  const namespace = text.slice(0, slash);
  return (namespace === '*' || namespace === '.' || LABEL.test(namespace)) && isListedHost(text.slice(slash + 1), true);
}

/** `~` before a namespace takes its hosts away again. */
function isEgressHost(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash <= 0) return false;
  const namespace = text.slice(0, slash).replace(/^~/, '');
  const isNamespace = namespace === '' || namespace === '*' || namespace === '.' || LABEL.test(namespace);
  return isNamespace && isListedHost(text.slice(slash + 1), false);
}

function isGatewayName(text: string): boolean {
  const [namespace = '', ...name] = text.split('/');
  if (name.length === 0) return isDomain(text);
  return LABEL.test(namespace) && LABEL.test(name.join('/'));
}

export function isIpOrCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Where a workload listens: an address, a name to look up, a Unix socket. */
function isAddress(text: string): boolean {
  if (text.startsWith('unix://')) return isSocketPath(text.slice('unix://'.length));
  return isIP(text) !== 0 || isDomain(text);
}

/** A path, or a name in Linux's abstract namespace. */
export function isSocketPath(text: string): boolean {
  return text.startsWith('@') || (text.startsWith('/') && !text.endsWith('/'));
}

const HOST = 'a host name like reviews, reviews.default.svc.cluster.local or *.example.com';

/** The checks of hosts and addresses. */
export const HOST_FORMATS: Readonly<Record<string, Format>> = {
  'istio-host': { test: (text) => isWildcardDomain(text) || isIP(text) !== 0, wanted: HOST },
  'destination-host': { test: (text) => text !== '*' && isWildcardDomain(text), wanted: HOST },
  'rule-host': { test: isWildcardDomain, wanted: `${HOST}; an address needs a ServiceEntry that names it` },
  'service-host': {
    test: (text) => text !== '*' && isWildcardDomain(text),
    wanted: 'a host name like db.example.com or *.example.com; addresses belong into addresses and endpoints',
  },
  'gateway-host': { test: isGatewayHost, wanted: 'a full host name, perhaps behind a namespace: prod/*.example.com' },
  'egress-host': { test: isEgressHost, wanted: 'a namespace and a full host name: ./*, prod/*.example.com, ~/*' },
  'gateway-name': { test: isGatewayName, wanted: 'the name of a Gateway, perhaps behind its namespace: infra/edge; or mesh' },
  'dns-label': { test: (text) => LABEL.test(text), wanted: 'a name of letters, digits and dashes' },
  'export-to': {
    test: (text) => text === '*' || text === '.' || LABEL.test(text),
    wanted: '"." (this namespace), "*" (all) or the name of a namespace',
  },
  'export-to-or-none': {
    test: (text) => text === '*' || text === '.' || text === '~' || LABEL.test(text),
    wanted: '"." (this namespace), "*" (all), "~" (nobody) or the name of a namespace',
  },
  'ip-address': { test: (text) => isIP(text) !== 0, wanted: 'an IP address' },
  'ip-or-cidr': { test: isIpOrCidr, wanted: 'an IP address or a CIDR block' },
  address: { test: isAddress, wanted: 'an IP address (IPv6 without brackets), a host name or unix:///path' },
};
