import type { IncomingMessage } from 'node:http';

/** A request as a backend got it; also the echo it answers with. */
export interface Received {
  readonly instance: string;
  readonly version: string | undefined;
  /** Name of the port it came in by. */
  readonly port: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Flat name-value pairs, as they came. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Monotonic ms. */
  readonly at: number;
}

/** The part of a {@link Received} that stands before the body is read. */
export function receivedHead(request: IncomingMessage): Pick<Received, 'method' | 'path' | 'host' | 'headers'> {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    host: request.headers.host ?? '',
    headers: request.rawHeaders,
  };
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('latin1');
  for await (const chunk of request) body += chunk;
  return body;
}
