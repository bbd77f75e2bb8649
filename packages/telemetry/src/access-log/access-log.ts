/** One request as the access log tells it. Times in ms, sizes in bytes of body. */
export interface AccessLogEntry {
  readonly direction: 'inbound' | 'outbound';
  /** Epoch ms at which the request began. */
  readonly startTime: number;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** Envoy's flags, comma-separated; `-` for none. */
  readonly flags: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  readonly authority: string;
  readonly requestId: string;
  readonly userAgent: string;
  /** `address:port` of the endpoint that answered; empty when there was none. */
  readonly upstreamHost: string;
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`; `inbound|9080||` on the server side. */
  readonly cluster: string;
  readonly routeName: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** The peer's SPIFFE ID, inbound. */
  readonly principal: string;
  readonly traceId: string;
  /** The rule that decided on a local reply, `mesh/reviews.yaml:31`. */
  readonly policy: string;
}

export interface AccessLog {
  /** Ask first: an entry that nobody writes need not be made. */
  readonly enabled: boolean;
  write(entry: AccessLogEntry): void;
}

export type AccessLogFormat = 'text' | 'json' | 'off';

/** Where lines go: a stream, or anything with `write`. */
export interface AccessLogDestination {
  write(line: string): unknown;
}

const OFF: AccessLog = { enabled: false, write() {} };

/** Lines on `destination` (default stdout): `text` is Envoy's default form, `json` the entry itself. Query strings are part of the path; no header values but those named. */
export function createAccessLog(format: AccessLogFormat, destination: AccessLogDestination = process.stdout): AccessLog {
  if (format === 'off') return OFF;
  const lineOf = format === 'json' ? jsonLine : textLine;
  return { enabled: true, write: (entry) => void destination.write(lineOf(entry)) };
}

function jsonLine(entry: AccessLogEntry): string {
  return `${JSON.stringify({ ...entry, startTime: new Date(entry.startTime).toISOString() })}\n`;
}

/** What callers write (user agent, host) must not pass for further fields. */
function quoted(text: string): string {
  return text === '' ? '"-"' : `"${text.replaceAll('"', "'")}"`;
}

function textLine(entry: AccessLogEntry): string {
  return [
    `[${new Date(entry.startTime).toISOString()}]`,
    `"${entry.method} ${entry.path} ${entry.protocol}"`,
    entry.status,
    entry.flags,
    entry.upstreamHost ? 'via_upstream' : '-',
    '-',
    quoted(entry.policy),
    entry.requestBytes,
    entry.responseBytes,
    Math.round(entry.durationMs),
    entry.attempts,
    quoted(''),
    quoted(entry.userAgent),
    quoted(entry.requestId),
    quoted(entry.authority),
    quoted(entry.upstreamHost),
    entry.cluster || '-',
    entry.principal || '-',
    entry.routeName || '-',
  ]
    .join(' ')
    .concat('\n');
}
