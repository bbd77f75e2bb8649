import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, removeHeader } from '@lateen/core';

/** What one proxy says to the next, and no application has to hear. */
const BETWEEN_PROXIES: readonly string[] = [
  'x-envoy-decorator-operation',
  'x-envoy-downstream-service-cluster',
  'x-envoy-downstream-service-node',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-hedge-on-per-try-timeout',
  'x-envoy-internal',
  'x-envoy-max-retries',
  'x-envoy-peer-metadata',
  'x-envoy-peer-metadata-id',
  'x-envoy-retriable-header-names',
  'x-envoy-retriable-status-codes',
  'x-envoy-retry-grpc-on',
  'x-envoy-retry-on',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-upstream-rq-timeout-ms',
];

/** Makes the request's headers what an application behind Istio's server side gets. */
export function settleIstioHeaders({ headers, rawHeaders, socket }: IncomingMessage): void {
  for (const name of BETWEEN_PROXIES) {
    if (headers[name] === undefined) continue;
    delete headers[name];
    removeHeader(rawHeaders, name);
  }
  if (headers['x-forwarded-proto'] !== undefined) return;
  headers['x-forwarded-proto'] = 'encrypted' in socket ? 'https' : 'http';
  rawHeaders.push('x-forwarded-proto', headers['x-forwarded-proto'] as string);
}

/** Adds what Istio's server side tells callers: what served them, and how long the application took. */
export function addIstioResponseHeaders(response: ServerResponse, operation: string, clock: Clock, startedAt: number): void {
  const { writeHead } = response;
  response.writeHead = ((...given: Parameters<ServerResponse['writeHead']>) => {
    response.setHeader('x-envoy-decorator-operation', operation);
    response.setHeader('x-envoy-upstream-service-time', String(Math.round(clock.now() - startedAt)));
    return writeHead.apply(response, given);
  }) as ServerResponse['writeHead'];
}
