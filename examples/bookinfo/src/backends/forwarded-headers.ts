import type { IncomingHttpHeaders } from 'node:http';

/**
 * What Bookinfo's services hand on to the services they call. Trace context, request id and deadline are not among them: Lateen carries
 * those from the request being served to every call made for it, with no help from here.
 */
const FORWARDED = [
  'end-user',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
  // tracing systems that the mesh does not speak
  'x-ot-span-context',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
];

export function forwardedHeaders(incoming: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = incoming[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}
