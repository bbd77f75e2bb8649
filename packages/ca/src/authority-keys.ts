import { createPrivateKey, X509Certificate } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, LateenError } from '@lateen/core';
import { authorityPin, createBundle, createPrivateFile, ensurePrivateFolder, type TrustBundle } from '@lateen/identity';
import {
  authorityExtensions,
  buildCertificate,
  type DistinguishedName,
  encodePem,
  generateP256,
  p256Signer,
  randomSerial,
  type Signer,
} from '@lateen/identity/x509';
import { corrupt, loadStateFile } from './state-file.ts';

/** What the running authority holds: the root's certificate and the intermediate with its key. The root's key stays on disk. */
export interface AuthorityKeys {
  readonly root: X509Certificate;
  readonly intermediate: X509Certificate;
  readonly intermediateName: DistinguishedName;
  readonly intermediatePem: string;
  readonly sign: Signer;
  readonly bundle: TrustBundle;
  /** Whether this call made them. */
  readonly created: boolean;
}

interface Document {
  readonly trustDomain: string;
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly intermediateKeyPem: string;
}

const AUTHORITY_FILE = 'authority.json';
const YEARS_MS = 365.25 * 24 * 3_600_000;
const ROOT_LIFE_MS = 10 * YEARS_MS;
/** Authorities are not what clocks are compared by: a workload whose clock is behind should hear that of its own certificate. */
const BACKDATE_MS = 24 * 3_600_000;

/**
 * Opens the keys in `stateDir`, making them at the first start: a self-signed root that may have one level below it, and an
 * intermediate that signs workloads and can vouch for no other trust domain.
 *
 * @throws {LateenError} `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`, or `LATEEN_BAD_OPTION` for another trust domain's state.
 */
export async function openAuthorityKeys(stateDir: string, trustDomain: string, clock: Clock): Promise<AuthorityKeys> {
  await ensurePrivateFolder(stateDir);
  const path = join(stateDir, AUTHORITY_FILE);
  const found = await loadStateFile(path, readDocument);
  if (found) return unpack(path, trustDomain, found, false);
  const created = await createAuthority(stateDir, path, trustDomain, clock.wallNow());
  const document = await loadStateFile(path, readDocument);
  if (!document) throw corrupt(path, 'it vanished');
  return unpack(path, trustDomain, document, created);
}

/** Another process may do the same at this moment: whoever puts the file in place first wins, the other's keys are dropped. */
async function createAuthority(stateDir: string, path: string, trustDomain: string, now: number): Promise<boolean> {
  const rootKeys = generateP256();
  const intermediateKeys = generateP256();
  const validity = { notBefore: now - BACKDATE_MS, notAfter: now + ROOT_LIFE_MS };
  const rootName = { organization: trustDomain, commonName: 'Lateen root authority' };
  const signer = p256Signer(rootKeys.privateKey);
  const common = { ...validity, issuer: rootName, issuerPublicKey: rootKeys.publicKey };
  const root = buildCertificate(
    { ...common, serial: randomSerial(), subject: rootName, publicKey: rootKeys.publicKey, extensions: authorityExtensions(1) },
    signer,
  );
  const intermediate = buildCertificate(
    {
      ...common,
      serial: randomSerial(),
      subject: intermediateNameOf(trustDomain),
      publicKey: intermediateKeys.publicKey,
      extensions: authorityExtensions(0, trustDomain),
    },
    signer,
  );
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const document: Document = {
    trustDomain,
    rootPem: encodePem(root, 'CERTIFICATE'),
    intermediatePem: encodePem(intermediate, 'CERTIFICATE'),
    intermediateKeyPem: intermediateKeys.privateKey.export(pem).toString(),
  };
  const pin = authorityPin(new X509Certificate(root));
  const rootKeyPath = join(stateDir, `root-key-${pin.slice(0, 16)}.pem`);
  await createPrivateFile(rootKeyPath, rootKeys.privateKey.export(pem).toString());
  const first = await createPrivateFile(path, `${JSON.stringify(document, undefined, 2)}\n`);
  if (!first) await unlink(rootKeyPath);
  return first;
}

function intermediateNameOf(trustDomain: string): DistinguishedName {
  return { organization: trustDomain, commonName: 'Lateen workload authority' };
}

function unpack(path: string, trustDomain: string, document: Document, created: boolean): AuthorityKeys {
  if (document.trustDomain !== trustDomain) {
    throw new LateenError(
      'LATEEN_BAD_OPTION',
      `${path} belongs to the trust domain ${document.trustDomain}, not ${trustDomain}`,
      {
        target: path,
        hint: 'use another state folder, or that trust domain',
      },
    );
  }
  try {
    const root = new X509Certificate(document.rootPem);
    const intermediate = new X509Certificate(document.intermediatePem);
    const key = createPrivateKey(document.intermediateKeyPem);
    if (!intermediate.checkPrivateKey(key)) throw new Error('the key is not the intermediate authority’s');
    return {
      root,
      intermediate,
      intermediateName: intermediateNameOf(trustDomain),
      intermediatePem: document.intermediatePem,
      sign: p256Signer(key),
      bundle: createBundle(trustDomain, 1, [root, intermediate]),
      created,
    };
  } catch (error) {
    throw corrupt(path, error instanceof Error ? error.message : 'unreadable');
  }
}

function readDocument(value: unknown): Document {
  const document = value as Partial<Document> | null;
  for (const member of ['trustDomain', 'rootPem', 'intermediatePem', 'intermediateKeyPem'] as const) {
    if (typeof document?.[member] !== 'string') throw new Error(`${member} is missing`);
  }
  return document as Document;
}
