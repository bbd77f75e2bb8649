import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AdminClient, ProcessStatus } from '@lateen/control';
import { LateenError } from '@lateen/core';

/** The live process that a user means by `reviews`, `reviews-v2` or `reviews-v2-3f9a01`; the first where several fit. */
export async function findProcess(admin: AdminClient, name: string): Promise<ProcessStatus> {
  const { processes } = await admin.status();
  const reachable = processes.filter((process) => process.connected && process.adminAddress);
  const fits = (read: (process: ProcessStatus) => string): ProcessStatus | undefined =>
    reachable.find((process) => read(process) === name);
  const found = fits((process) => process.instance) ?? fits((process) => process.workload) ?? fits((process) => process.service);
  if (found) return found;
  throw new LateenError('LATEEN_BAD_OPTION', `no live process is called ${name}`, {
    hint: `choose one of ${reachable.map((process) => process.workload).join(', ') || 'none: no process with an admin endpoint is connected'}`,
  });
}

/** Asks a process's admin endpoint. */
export async function askProcess(process: Pick<ProcessStatus, 'adminAddress' | 'instance'>, path: string): Promise<unknown> {
  const { status, body } = await getText(`http://${process.adminAddress}${path}`).catch((cause: Error) => {
    throw new LateenError(
      'LATEEN_CONTROL_UNREACHABLE',
      `${process.instance} does not answer on ${process.adminAddress} (${cause.message})`,
      {
        hint: 'is it on this machine? lateen config and explain ask the admin port, which is on loopback',
        cause,
      },
    );
  });
  if (status !== 200)
    throw new LateenError('LATEEN_BAD_OPTION', `${process.instance} answered ${status} to ${path}: ${body.trim()}`);
  return JSON.parse(body);
}

function getText(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: 5_000, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.once('timeout', () => request.destroy(new Error('no answer within 5 s')));
    request.once('error', reject);
  });
}
