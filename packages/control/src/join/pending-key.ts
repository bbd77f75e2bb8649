import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyAndRequest, ensurePrivateFolder, readPrivateFile, writePrivateFile } from '@lateen/identity';
import { type Check, shape, text } from '../wire/check.ts';
import { parseJson } from '../wire.ts';

/** The key a process joins with. The same one at each try: lateend answers a token that was used with this key once more. */
export interface PendingKey {
  readonly privateKeyPem: string;
  /** PKCS#10, DER, base64. */
  readonly csr: string;
}

const FILE = 'pending-key.json';
const checkPendingKey: Check<PendingKey> = shape<PendingKey>({ privateKeyPem: text(4096), csr: text(8192) });

/** The key of an interrupted join, or a new one, kept in `stateDir` where there is one. */
export async function pendingKey(stateDir: string | undefined): Promise<PendingKey> {
  const kept = stateDir === undefined ? undefined : await readKept(stateDir);
  if (kept) return kept;
  const { privateKeyPem, csrDer } = createKeyAndRequest();
  const pending = { privateKeyPem, csr: csrDer.toString('base64') };
  if (stateDir !== undefined) {
    await ensurePrivateFolder(stateDir);
    await writePrivateFile(join(stateDir, FILE), JSON.stringify(pending));
  }
  return pending;
}

/** Its certificate is there and saved: the next join takes another. */
export async function forgetPendingKey(stateDir: string | undefined): Promise<void> {
  if (stateDir !== undefined) await rm(join(stateDir, FILE), { force: true });
}

/** A damaged or exposed one is as good as none: it certifies nothing yet. */
async function readKept(stateDir: string): Promise<PendingKey | undefined> {
  try {
    const json = await readPrivateFile(join(stateDir, FILE));
    return json === undefined ? undefined : checkPendingKey(parseJson(json), '');
  } catch {
    return undefined;
  }
}
