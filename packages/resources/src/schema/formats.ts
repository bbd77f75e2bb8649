import { parseDurationMs } from '@lateen/core';
import { re2Library } from '../libraries.ts';
import type { Format } from './format.ts';
import { GATEWAY_API_FORMATS } from './gateway-api-formats.ts';
import { HEADER_FORMATS } from './header-formats.ts';
import { HOST_FORMATS, isDomain, LABEL } from './host-formats.ts';

/** The checks behind the schemas' `format`s. */
export const FORMATS: Readonly<Record<string, Format>> = {
  ...HOST_FORMATS,
  ...HEADER_FORMATS,
  ...GATEWAY_API_FORMATS,
  'istio-duration': {
    test: isDuration,
    wanted: 'a duration of at least 1ms in whole milliseconds, like 1.5s or 250ms',
    decodes: decodesAsDuration,
  },
  'duration-or-zero': {
    test: (text) => text === '0s' || isDuration(text) || parseDurationMs(text) === 0,
    wanted: 'a duration of whole milliseconds, like 1.5s or 0s',
    decodes: decodesAsDuration,
  },
  'any-duration': { test: decodesAsDuration, wanted: 'a duration like 1.5s', decodes: decodesAsDuration },
  re2: {
    test: isRe2,
    wanted: 'a regular expression in RE2 syntax (no look-around, no back-references, at most 1024 characters)',
  },
  're2-or-presence': {
    test: (text) => text === '*' || isRe2(text),
    wanted: 'a regular expression in RE2 syntax, or * for any value',
  },
  'http-url': { test: isHttpUrl, wanted: 'a URL that begins with http:// or https://' },
  'port-number': {
    test: (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    wanted: 'a port, 1 to 65535',
    decodes: (text) => /^\d{1,9}$/.test(text),
  },
  'grpc-status': { test: (text) => GRPC_STATUS.has(text), wanted: 'a gRPC status like UNAVAILABLE' },
  'cors-method': { test: (text) => CORS_METHODS.has(text), wanted: 'a method like GET, or *' },
  'not-in-istio-either': { test: () => false, wanted: 'implemented: not in Istio either' },
  'label-key': {
    test: (text) => {
      const [name = '', prefix, ...rest] = text.split('/').toReversed();
      return rest.length === 0 && LABEL_TEXT.test(name) && (prefix === undefined || isDomain(`${prefix}.name`));
    },
    wanted: 'the name of a label; wildcards select nothing',
  },
  'label-value': {
    test: (text) => text === '' || LABEL_TEXT.test(text),
    wanted: 'the value of a label: letters, digits, dashes, dots and underscores; wildcards select nothing',
  },
  'selector-key': { test: (text) => text !== '' && !text.includes('*'), wanted: 'the name of a label; wildcards select nothing' },
  'selector-value': { test: (text) => !text.includes('*'), wanted: 'the value of a label; wildcards select nothing' },
  'label-or-empty': { test: (text) => text === '' || LABEL.test(text), wanted: 'a name of letters, digits and dashes' },
  base64: {
    test: (text) => BASE64.test(text),
    wanted: 'base64',
    decodes: (text) => BASE64.test(text),
  },
  'retry-on': {
    test: isRetryOn,
    wanted: 'conditions and status codes joined by commas, without spaces: 5xx,connect-failure,503',
  },
};

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

const CORS_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

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

/** Istio's decoder reads Go's form, with a sign; whether the number makes sense is asked later. */
function decodesAsDuration(text: string): boolean {
  return parseDurationMs(text.replace(/^[-+]/, '')) !== undefined;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function isRe2(text: string): boolean {
  if (text === '' || text.length > 1024) return false;
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
  return text === '' || text.split(',').every((word) => CONDITIONS.has(word) || isStatusCode(word));
}

/** Codes that have a name; as Go's net/http knows them, which Istio asks. Node's own list would bring all of node:http and undici along. */
function isStatusCode(text: string): boolean {
  const code = /^\d{3}$/.test(text) ? Number(text) : 0;
  return NAMED_CODES.some(([first, last]) => first <= code && code <= last);
}

const NAMED_CODES = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
] as const;
