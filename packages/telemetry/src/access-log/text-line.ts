import type { AccessLogEntry } from './access-log-entry.ts';

/** Istio's default form of a line, field by field; `-` for what is not known. A rule that decided stands where Envoy tells why the transport failed. */
export function textLine(entry: AccessLogEntry): string {
  return [
    `[${new Date(entry.startTime).toISOString()}]`,
    quoted(`${entry.method} ${entry.path} ${entry.protocol}`),
    entry.status,
    entry.flags,
    entry.details ?? detailsOf(entry),
    '-',
    quoted(entry.policy),
    entry.requestBytes,
    entry.responseBytes,
    Math.round(entry.durationMs),
    entry.serviceTime || '-',
    quoted(entry.forwardedFor ?? ''),
    quoted(entry.userAgent),
    quoted(entry.requestId),
    quoted(entry.authority),
    quoted(entry.upstreamHost),
    entry.cluster || '-',
    '-',
    entry.localAddress || '-',
    entry.remoteAddress || '-',
    '-',
    entry.routeName || '-',
  ]
    .join(' ')
    .concat('\n');
}

/** What callers write (user agent, host, path) must not pass for further fields or lines. */
function quoted(text: string): string {
  return text === '' ? '"-"' : `"${text.replaceAll('"', "'").replaceAll(/[\r\n]/g, ' ')}"`;
}

/** Of flags that come together the last one tells what happened; those before, why it was not tried again. */
const DETAILS: Readonly<Record<string, string>> = {
  NR: 'route_not_found',
  NC: 'cluster_not_found',
  UH: 'no_healthy_upstream',
  UO: 'upstream_reset_before_response_started{overflow}',
  UF: 'upstream_reset_before_response_started{remote_connection_failure}',
  UC: 'upstream_reset_before_response_started{connection_termination}',
  UR: 'upstream_reset_before_response_started{remote_reset}',
  UPE: 'upstream_reset_before_response_started{protocol_error}',
  UT: 'response_timeout',
  FI: 'fault_filter_abort',
  DC: 'downstream_remote_disconnect',
  RL: 'request_rate_limited',
  OM: 'overload',
};

function detailsOf({ flags, upstreamHost, status }: AccessLogEntry): string {
  const told = flags.split(',').findLast((flag) => Object.hasOwn(DETAILS, flag));
  if (told !== undefined) return DETAILS[told] as string;
  if (upstreamHost !== '') return 'via_upstream';
  return status > 0 ? 'direct_response' : '-';
}
