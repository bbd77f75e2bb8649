import type { AccessLogEntry } from 'lateen';
import type { RequestStep } from '../corpus.ts';

/** How long an answer may take; longer than any that was recorded. */
export const PATIENCE_MS = 15_000;

/** What came back to the caller. */
export interface Answer {
  /** 0 when none came. */
  readonly status: number;
  /** Flat name-value pairs. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Statuses of the answers before the answer. */
  readonly informational: readonly number[];
  /** The body was cut. */
  readonly broken: boolean;
  readonly error: string | undefined;
  readonly durationMs: number;
}

/** Sends the requests of one case: out of a mesh, to a gateway, or to a server of the mesh. */
export interface Caller {
  send(request: SingleRequest): Promise<Answer>;
  /** The access log since the last time. */
  takeLog(): AccessLogEntry[];
  /** Names and addresses as they were recorded, where they are others here. */
  asRecorded?(text: string, request: SingleRequest): string;
  /** What a request would meet, in words of `mesh.explain`; undefined where there is no such thing. */
  explain?(request: SingleRequest): unknown;
  close(): Promise<void>;
}

/** A step's request, one repetition of it. */
export type SingleRequest = Pick<RequestStep, 'method' | 'url' | 'port' | 'raw' | 'headers' | 'body' | 'from'>;

/** A URL as the corpus writes it, taken apart without being normalised. */
export function splitUrl(url: string): {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
} {
  const parts = /^(https?):\/\/([^/?#]*)(.*)$/s.exec(url);
  if (!parts) throw new Error(`${url} is no URL`);
  const [, scheme = 'http', authority = '', rest = ''] = parts;
  const port = /:(\d+)$/.exec(authority)?.[1];
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  const host = port === undefined ? authority : authority.slice(0, -port.length - 1);
  return { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)), path };
}

/** Flat pairs of a request's headers, `host` among them: of a URL in lower case, as everything that reads URLs has it. */
export function headerLines({ url, headers = {} }: SingleRequest): string[] {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((each) => [name, each]));
  if (url === undefined || Object.keys(headers).some((name) => name.toLowerCase() === 'host')) return lines;
  const { host, port } = splitUrl(url);
  return ['host', (port === 80 ? host : `${host}:${port}`).toLowerCase(), ...lines];
}

/** The request as bytes, for callers that speak HTTP/1.1 themselves. */
export function requestText(request: SingleRequest): string {
  if (request.raw !== undefined) return request.raw;
  const lines = headerLines(request);
  if (request.body !== undefined) lines.push('content-length', String(Buffer.byteLength(request.body, 'latin1')));
  const pairs = lines.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${lines[i + 1]}\r\n`] : []));
  return `${request.method ?? 'GET'} ${splitUrl(request.url as string).path} HTTP/1.1\r\n${pairs.join('')}\r\n${request.body ?? ''}`;
}
