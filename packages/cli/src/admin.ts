import { resolve } from 'node:path';
import type { AdminClient } from '@lateen/control';
import type { CliIo } from './io.ts';

export const STATE_OPTION = [
  '--state <folder>',
  "lateend's state folder; default: that of the lateend started last on this machine",
] as const;

export interface WithAdminOptions {
  readonly state?: string;
  /** How long lateend may take to answer. Default 10 000. */
  readonly timeoutMs?: number;
}

/** Runs `body` as lateend's administrator and lets go of the connection afterwards. */
export async function withAdmin<Result>(
  io: CliIo,
  { state, timeoutMs }: WithAdminOptions,
  body: (admin: AdminClient) => Promise<Result>,
): Promise<Result> {
  const { openAdmin } = await import('@lateen/control');
  const admin = await openAdmin({
    clock: io.clock,
    environment: io.environment,
    ...(state === undefined ? {} : { stateDir: resolve(io.workingDirectory, state) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  try {
    return await body(admin);
  } finally {
    admin.close();
  }
}
