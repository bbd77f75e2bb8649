import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Cancellation, RequestContext } from '@lateen/core';
import type { MeshTracing } from '@lateen/telemetry';

/**
 * The context an outside request enters the mesh with. Callers out there are nobody: no principal, no deadline and no
 * priority of theirs, a request id of ours. A trace of theirs goes on; whether it is sampled is theirs to say only up to a rate.
 */
export function edgeContext(request: IncomingMessage, cancellation: Cancellation, tracing: MeshTracing): RequestContext {
  return {
    principal: undefined,
    deadline: Infinity,
    trace: tracing.extract(request.rawHeaders, 'edge'),
    requestId: randomUUID(),
    priority: 'default',
    cancellation,
  };
}
