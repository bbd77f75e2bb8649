import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { type Logger, silentLogger } from '@lateen/core';
import { type FakeClock, fakeClock } from '@lateen/core/testing';
import { checkPeer, createKeyAndRequest, type PeerIdentity } from '@lateen/identity';
import {
  CertificateAuthority,
  type CertificateAuthorityOptions,
  type CaErrorCode,
  type IssuedCertificate,
} from '../src/index.ts';

export const REVIEWS = {
  namespace: 'default',
  serviceAccount: 'bookinfo-reviews',
  services: ['reviews'],
  labels: { version: 'v2' },
};
export const REVIEWS_ID = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';

/** An authority on fake time in a folder of its own; `close` removes it. */
export interface TestBench {
  readonly clock: FakeClock;
  readonly stateDir: string;
  readonly warnings: string[];
  authority: CertificateAuthority;
  /** Closes and opens again, as a restart does. */
  reopen(options?: Partial<CertificateAuthorityOptions>): Promise<CertificateAuthority>;
  close(): Promise<void>;
}

export async function openTestBench(options: Partial<CertificateAuthorityOptions> = {}): Promise<TestBench> {
  const root = mkdtempSync(join(tmpdir(), 'lateen-ca-'));
  const stateDir = join(root, 'ca');
  const clock = fakeClock();
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const open = (more: Partial<CertificateAuthorityOptions> = {}) =>
    CertificateAuthority.open({ stateDir, trustDomain: 'cluster.local', clock, logger, ...options, ...more });
  const bench: TestBench = {
    clock,
    stateDir,
    warnings,
    authority: await open(),
    reopen: async (more) => {
      await bench.authority.close();
      bench.authority = await open(more);
      return bench.authority;
    },
    close: async () => {
      await bench.authority.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return bench;
}

export async function joinString(bench: TestBench, more: { ttlMs?: number; reusable?: boolean } = {}): Promise<string> {
  return (await bench.authority.createToken({ ...REVIEWS, ...more })).joinString;
}

export function attest(bench: TestBench, joinSecret: unknown, csrDer = createKeyAndRequest().csrDer, ttlMs?: unknown) {
  return bench.authority.attest({ joinSecret, csrDer, source: '127.0.0.1', ttlMs });
}

/** What the daemon learns of a client that shows this certificate. */
export function peerOf(bench: TestBench, issued: IssuedCertificate): PeerIdentity {
  const bundle = bench.authority.bundle.value;
  const check = checkPeer(
    { leaf: new X509Certificate(issued.certificatePem), intermediates: [] },
    { bundles: new Map([[bundle.trustDomain, bundle]]), nowWallMs: bench.clock.wallNow(), direction: 'inbound' },
  );
  if (!check.ok) throw new Error(check.message);
  return check;
}

export function refusal(code: CaErrorCode, status: number): object {
  return { name: 'CaError', code, status };
}
