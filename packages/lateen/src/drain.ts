import type { Logger } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import type { ControlClient } from '@lateen/control';
import type { Inbound } from '@lateen/server';
import type { MeshTracing } from '@lateen/telemetry';
import type { Readiness } from './readiness.ts';
import type { Registrations } from './registrations.ts';

export interface DrainedParts {
  readonly readiness: Readiness;
  readonly registrations: Registrations;
  readonly inbound: Inbound;
  readonly client: MeshClient;
  readonly tracing: MeshTracing;
  readonly control: ControlClient | undefined;
  readonly logger: Logger;
}

/**
 * The way out without a failed request: peers stop choosing this process before it stops accepting, what came in is answered, and outbound calls work
 * until the last of those answers is given.
 */
export async function drainInOrder(parts: DrainedParts, timeoutMs: number): Promise<void> {
  const { readiness, registrations, inbound, client, tracing, control, logger } = parts;
  logger.info(`draining, at most ${timeoutMs / 1_000} s`);
  readiness.startDraining();
  await registrations.deregister();
  await inbound.drain({ timeoutMs });
  await client.drain();
  await tracing.shutdown();
  await control?.close();
}
