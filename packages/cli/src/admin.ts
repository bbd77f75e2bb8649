import { type AdminClient, openAdmin } from '@lateen/control';
import type { CliIo } from './io.ts';

export const STATE_OPTION = [
  '--state <folder>',
  "lateend's state folder; default: the one started last on this machine",
] as const;

/** Runs `body` as lateend's administrator and lets go of the connection afterwards. */
export async function withAdmin<Result>(
  io: CliIo,
  options: { readonly state?: string },
  body: (admin: AdminClient) => Promise<Result>,
): Promise<Result> {
  const admin = await openAdmin({
    clock: io.clock,
    environment: io.environment,
    ...(options.state ? { stateDir: options.state } : {}),
  });
  try {
    return await body(admin);
  } finally {
    admin.close();
  }
}
