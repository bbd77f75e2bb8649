import { STATUS_CODES } from 'node:http';
import { isIP } from 'node:net';
import { parseDurationMs } from '@lateen/core';
import { re2Library } from '../libraries.ts';
import type { Format } from './format.ts';
import { GATEWAY_API_FORMATS } from './gateway-api-formats.ts';
import { isAddress, isDomain, isGatewayHost, isGatewayName, isHost, isIpOrCidr, LABEL } from './host-formats.ts';

const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const isAddable = (text: string): boolean => HEADER.test(text) && text.toLowerCase() !== 'host';

/** The checks behind the schemas' `format`s. */
export const FORMATS: Readonly<Record<string, Format>> = {
  'istio-duration': { test: isDuration, wanted: 'a duration of at least 1ms in whole milliseconds, like 1.5s or 250ms' },
  'duration-or-zero': { test: (text) => parseDurationMs(text) !== undefined, wanted: 'a duration like 1.5s or 0s' },
  re2: {
    test: isRe2,
    wanted: 'a regular expression in RE2 syntax (no look-around, no back-references, at most 1024 characters)',
  },
  'matchable-header': {
    test: (text) => HEADER.test(text.replace(/^:/, '')),
    wanted: 'a header name',
  },
  'addable-header': { test: isAddable, wanted: 'the name of a header other than Host, which only set changes' },
  'settable-header': {
    test: (text) => HEADER.test(text) || text === ':authority',
    wanted: 'a header name; of those with a colon only :authority',
  },
  'header-value': {
    test: (text) => !text.replaceAll('%%', '').includes('%') && !/[\r\n\0]/.test(text),
    wanted: 'a header value: write a percent sign as %%; variables (%NAME%) are not supported',
  },
  'plain-header': {
    test: (text) => /^[-_A-Za-z0-9]+$/.test(text),
    wanted: 'a header name of letters, digits, dashes and underscores',
  },
  'http-url': { test: (text) => /^https?:\/\/[^/]/.test(text), wanted: 'a URL that begins with http:// or https://' },
  'port-number': {
    test: (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    wanted: 'a port, 1 to 65535',
  },
  'grpc-status': { test: (text) => GRPC_STATUS.has(text), wanted: 'a gRPC status like UNAVAILABLE' },
  'not-in-istio-either': { test: () => false, wanted: 'implemented: not in Istio either' },
  'istio-host': { test: isHost, wanted: 'a host name like reviews, reviews.default.svc.cluster.local or *.example.com' },
  'service-host': {
    test: (text) => isHost(text) && isIP(text) === 0,
    wanted: 'a host name like db.example.com or *.example.com; addresses belong into addresses and endpoints',
  },
  'gateway-host': {
    test: (text) => isGatewayHost(text.replace(/^(?:\*|\.|[a-z0-9-]+)\//, '')),
    wanted: 'a host, perhaps behind a namespace: prod/*.example.com',
  },
  'gateway-name': { test: isGatewayName, wanted: 'the name of a Gateway, perhaps behind its namespace: infra/edge; or mesh' },
  'dns-label': { test: (text) => LABEL.test(text), wanted: 'a name of letters, digits and dashes' },
  'export-to': {
    test: (text) => text === '*' || text === '.' || text === '~' || LABEL.test(text),
    wanted: '"." (this namespace), "*" (all) or the name of a namespace',
  },
  'label-key': {
    test: (text) => {
      const [name = '', prefix, ...rest] = text.split('/').toReversed();
      return rest.length === 0 && LABEL_TEXT.test(name) && (prefix === undefined || isDomain(prefix));
    },
    wanted: 'the name of a label; wildcards select nothing',
  },
  'label-value': {
    test: (text) => text === '' || LABEL_TEXT.test(text),
    wanted: 'the value of a label: letters, digits, dashes, dots and underscores; wildcards select nothing',
  },
  'ip-or-cidr': { test: isIpOrCidr, wanted: 'an IP address or a CIDR block' },
  address: { test: isAddress, wanted: 'an IP address (IPv6 without brackets) or a host name; Unix sockets are not supported' },
  base64: { test: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), wanted: 'base64' },
  'retry-on': {
    test: isRetryOn,
    wanted: 'conditions and status codes joined by commas, without spaces: 5xx,connect-failure,503',
  },
  ...GATEWAY_API_FORMATS,
};

const GRPC_STATUS = new Set([
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);

const LABEL_TEXT = /^[a-zA-Z0-9](?:[-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

function isDuration(text: string): boolean {
  const ms = parseDurationMs(text);
  // 1.1s is 1100.0000000000002 ms in floating point: a whole number but for the last digits.
  return ms !== undefined && ms >= 1 && Math.abs(ms - Math.round(ms)) < 1e-6;
}

function isRe2(text: string): boolean {
  if (text === '*' || text.length > 1024) return false;
  try {
    re2Library().RE2JS.compile(text);
    return true;
  } catch {
    return false; // the syntax error itself is what is being asked
  }
}

const CONDITIONS = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

function isRetryOn(text: string): boolean {
  return text.split(',').every((word) => CONDITIONS.has(word) || Object.hasOwn(STATUS_CODES, word));
}
