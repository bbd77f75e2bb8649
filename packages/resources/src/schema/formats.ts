import { parseDurationMs } from '@lateen/core';
import { RE2JS } from 're2js';

/** The checks behind the schemas' `format`s, each with what a reader is told when it fails. */
export const FORMATS: Readonly<Record<string, { readonly test: (text: string) => boolean; readonly wanted: string }>> = {
  'istio-duration': { test: isDuration, wanted: 'a duration of at least 1ms, like 1.5s or 250ms' },
  re2: { test: isRe2, wanted: 'a regular expression in RE2 syntax (no look-around, no back-references)' },
  'header-name': { test: (text) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text), wanted: 'a header name' },
  'istio-host': { test: isHost, wanted: 'a host name like reviews, reviews.default.svc.cluster.local or *.example.com' },
  'gateway-host': {
    test: (text) => isHost(text.replace(/^(?:\*|\.|[a-z0-9-]+)\//, '')),
    wanted: 'a host, perhaps behind a namespace: prod/*.example.com',
  },
  'dns-label': {
    test: (text) => /^[a-z0-9A-Z](?:[-a-z0-9A-Z._]{0,61}[a-z0-9A-Z])?$/.test(text),
    wanted: 'a name of letters, digits and dashes',
  },
  base64: { test: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), wanted: 'base64' },
  'retry-on': {
    test: isRetryOn,
    wanted: 'conditions and status codes joined by commas, without spaces: 5xx,connect-failure,503',
  },
};

function isDuration(text: string): boolean {
  const ms = parseDurationMs(text);
  return ms !== undefined && ms >= 1;
}

function isRe2(text: string): boolean {
  if (text === '*') return false;
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false; // the syntax error itself is what is being asked
  }
}

function isHost(text: string): boolean {
  if (text === '*') return true;
  if (text.length > 255) return false;
  const name = text.startsWith('*.') ? text.slice(2) : text;
  return (
    name.split('.').every((part) => /^[a-zA-Z0-9_](?:[-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?$/.test(part)) ||
    /^[0-9a-fA-F:]+$/.test(text)
  );
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
  return text.split(',').every((word) => CONDITIONS.has(word) || /^[1-5]\d\d$/.test(word));
}
