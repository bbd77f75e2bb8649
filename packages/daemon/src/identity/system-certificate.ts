import { type CertificateAuthority, CaError } from '@lateen/ca';
import { SYSTEM_NAMESPACE } from '@lateen/control';
import { Cell, type Clock, type Logger, type Random, type Watched } from '@lateen/core';
import { createKeyAndRequest, createSvid, RenewalLoop, type Svid } from '@lateen/identity';

/** Lateend's own certificates live at least this long, however short the workloads' do. */
const MIN_TTL_MS = 3_600_000;

export interface SystemCertificateOptions {
  readonly authority: CertificateAuthority;
  /** `lateend` or `admin`. */
  readonly serviceAccount: string;
  readonly leafTtlMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A certificate that lateend issues to itself and keeps fresh. */
export interface SystemCertificate {
  readonly svid: Watched<Svid>;
  close(): void;
}

export async function systemCertificate(options: SystemCertificateOptions): Promise<SystemCertificate> {
  const { serviceAccount, clock, random, logger } = options;
  const svid = new Cell(await issue(options));
  const renewal = new RenewalLoop({
    renew: () => issue(options),
    onRenewed: (renewed) => svid.set(renewed),
    onFailed: (error) => logger.error(`lateend's own certificate (${serviceAccount}) was not renewed: ${detail(error)}`),
    clock,
    random,
    logger,
  });
  renewal.start(svid.value);
  return { svid, close: () => renewal.stop() };
}

async function issue({ authority, serviceAccount, leafTtlMs, clock }: SystemCertificateOptions): Promise<Svid> {
  const { csrDer, privateKeyPem } = createKeyAndRequest();
  const issued = await authority.issue({
    csrDer,
    identity: {
      namespace: SYSTEM_NAMESPACE,
      serviceAccount,
      labels: { app: serviceAccount, workload: serviceAccount },
      services: [],
    },
    ttlMs: Math.max(leafTtlMs, MIN_TTL_MS),
  });
  const certificatePem = [issued.certificatePem, ...issued.chainPem].map((pem) => pem.trim()).join('\n');
  return createSvid({ certificatePem, privateKeyPem, receivedAt: clock.wallNow() });
}

function detail(error: unknown): string {
  return error instanceof CaError ? error.detail : (error as Error).message;
}
