import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AdminClient, ProcessStatus } from '@lateen/control';
import { LateenError } from '@lateen/core';

/** The live process that a user means by `reviews`, `reviews-v2` or `reviews-v2-3f9a01`; the first where several fit or none is named. */
export async function findProcess(admin: AdminClient, name: string | undefined): Promise<ProcessStatus> {
  const { processes } = await admin.status();
  const reachable = processes.filter((process) => process.connected && process.adminAddress);
  const [first] = reachable;
  if (!first) {
    throw new LateenError('LATEEN_BAD_OPTION', 'no process with an admin endpoint is connected to lateend', {
      hint: 'start one, or see lateen status',
    });
  }
  if (name === undefined) return first;
  const fits = (field: 'instance' | 'workload' | 'service') => reachable.find((process) => process[field] === name);
  const found = fits('instance') ?? fits('workload') ?? fits('service');
  if (found) return found;
  throw new LateenError('LATEEN_BAD_OPTION', `no live process is called ${name}`, {
    hint: `choose one of ${[...new Set(reachable.map(({ workload }) => workload))].join(', ')}`,
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
  const answer = parsed(body);
  if (status === 200 && answer !== undefined) return answer;
  const { error = body.trim() } = (answer ?? {}) as { error?: string };
  throw new LateenError('LATEEN_BAD_OPTION', `${process.instance} answered ${status} to ${path}: ${error}`);
}

/** Undefined where it is no JSON: then it was not a process of the mesh that answered. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
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
