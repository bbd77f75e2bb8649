import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@lateen/core';
import { createMesh, type Mesh, type MeshOptions } from 'lateen';
import type { Bookinfo } from './bookinfo.ts';

export interface Membership {
  readonly service: string;
  readonly serviceAccount: string;
  /** What its token lets it register. */
  readonly services: readonly string[];
}

/** This very process as one more member of a deployment's mesh. */
export async function joinMesh(bookinfo: Bookinfo, membership: Membership, options: MeshOptions = {}): Promise<Mesh> {
  const mesh = await createMesh({
    ...meshOptions(bookinfo, membership.service, membership.serviceAccount),
    identity: { tokenFile: await tokenFile(bookinfo, membership) },
    ...options,
  });
  await mesh.ready;
  return mesh;
}

export function meshOptions(bookinfo: Bookinfo, service: string, serviceAccount: string): MeshOptions {
  return {
    service,
    serviceAccount,
    control: `https://127.0.0.1:${bookinfo.deployment.ports.lateend}`,
    admin: false,
    logger: 'error',
  };
}

/** A join token in a file, as `npm start` gives one to each process. */
export async function tokenFile(bookinfo: Bookinfo, { serviceAccount, services }: Membership): Promise<string> {
  const { joinString } = await bookinfo.admin.createToken({ namespace: 'default', serviceAccount, services });
  return fileWith(bookinfo, joinString);
}

export function fileWith(bookinfo: Bookinfo, text: string): string {
  const file = join(mkdtempSync(join(bookinfo.stateDir, 'member-')), 'token');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** A logger that keeps what it is told. */
export function listeningLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  return { lines, debug: () => {}, info: keep, warn: keep, error: keep };
}
