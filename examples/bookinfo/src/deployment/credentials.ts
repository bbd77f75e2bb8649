import { writeFileSync } from 'node:fs';
import type { AdminClient } from '@lateen/control';
import type { Workload } from './workloads.ts';

/** Writes a join token for one process into a file that only this user can read; it binds who the process is and what it may serve. */
export async function writeToken(admin: AdminClient, workload: Workload | 'gateway', file: string): Promise<void> {
  const { joinString } = await admin.createToken(
    workload === 'gateway'
      ? {
          namespace: 'default',
          serviceAccount: 'bookinfo-gateway',
          services: [],
          labels: { app: 'gateway', istio: 'ingressgateway' },
        }
      : {
          namespace: 'default',
          serviceAccount: workload.serviceAccount,
          services: [workload.service],
          labels: { app: workload.service, version: workload.version },
        },
  );
  writeFileSync(file, joinString, { mode: 0o600 });
}
