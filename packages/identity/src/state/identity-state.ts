import { join } from 'node:path';
import { isLateenError, LateenError } from '@lateen/core';
import { formatBundle, parseBundle } from '../bundle/bundle-jwks.ts';
import type { Svid } from '../svid.ts';
import { createSvid } from '../svid/create-svid.ts';
import type { TrustBundle, TrustBundles } from '../trust-bundle.ts';
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from './private-files.ts';

export interface SavedIdentity {
  readonly svid: Svid;
  readonly bundles: TrustBundles;
}

/** The file in the state folder: one, so that a key never stands beside another key's certificate. */
export const IDENTITY_FILE = 'identity.json';

const FORMAT = 1;

/** Writes key, certificate and bundles as one file (0600) in `dir` (made 0700), whole or not at all. */
export async function saveIdentity(dir: string, { svid, bundles }: SavedIdentity): Promise<void> {
  await ensurePrivateFolder(dir);
  const document = {
    format: FORMAT,
    certificatePem: svid.certificatePem,
    privateKeyPem: svid.privateKeyPem,
    receivedAt: svid.receivedAt,
    bundles: Object.fromEntries([...bundles.values()].map((bundle) => [bundle.trustDomain, formatBundle(bundle)])),
  };
  await writePrivateFile(join(dir, IDENTITY_FILE), `${JSON.stringify(document, undefined, 2)}\n`);
}

/**
 * What {@link saveIdentity} wrote; undefined when there is nothing. It may have expired meanwhile: look at `svid.notAfter`.
 *
 * @throws {LateenError} `LATEEN_STATE_PERMISSIONS` when others could read or change it, `LATEEN_STATE_CORRUPT` when it can't be read.
 */
export async function loadIdentity(dir: string): Promise<SavedIdentity | undefined> {
  const path = join(dir, IDENTITY_FILE);
  const text = await readPrivateFile(path);
  if (text === undefined) return undefined;
  await ensurePrivateFolder(dir);
  try {
    return readDocument(JSON.parse(text));
  } catch (error) {
    throw new LateenError('LATEEN_STATE_CORRUPT', `${path} is not the identity that was saved (${reason(error)})`, {
      target: path,
      hint: 'delete it and start again with a new join token',
      cause: error instanceof SyntaxError ? undefined : error,
    });
  }
}

function readDocument(document: Record<string, unknown>): SavedIdentity {
  const { format, certificatePem, privateKeyPem, receivedAt, bundles } = document ?? {};
  if (format !== FORMAT) throw new Error(`format ${String(format)}`);
  if (typeof certificatePem !== 'string' || typeof privateKeyPem !== 'string' || typeof receivedAt !== 'number') {
    throw new Error('a member is missing');
  }
  const loaded = new Map<string, TrustBundle>();
  for (const [trustDomain, bundle] of Object.entries(bundles ?? {})) loaded.set(trustDomain, parseBundle(trustDomain, bundle));
  return { svid: createSvid({ certificatePem, privateKeyPem, receivedAt }), bundles: loaded };
}

/** JSON's own message would quote the text, and with it the key. */
function reason(error: unknown): string {
  if (error instanceof SyntaxError) return 'no JSON';
  return isLateenError(error) || error instanceof Error ? error.message : 'unreadable';
}
