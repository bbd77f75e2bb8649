import type { WorkloadLabels } from '@lateen/core';
import { formatSpiffeId } from '@lateen/identity';
import { MAX_CLAIMS_BYTES, type WorkloadClaims } from '@lateen/identity/x509';
import { CaError } from './ca-error.ts';
import type { WorkloadIdentity } from './requests.ts';

/** What a certificate will say. */
export interface CertifiedIdentity {
  /** SPIFFE ID. */
  readonly id: string;
  readonly claims: WorkloadClaims;
}

const SERVICE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?$/;
const LABEL_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^[\x20-\x7e]{0,253}$/;

/** Fills in and checks what an operator asked for. @throws {CaError} `bad_request`, with the detail. */
export function certifiedIdentity(trustDomain: string, identity: WorkloadIdentity): CertifiedIdentity {
  const { namespace, serviceAccount } = identity;
  const services = identity.services.map((service) => qualifiedService(service, namespace));
  const claims = { labels: labelsOf(identity, services[0]), services };
  if (Buffer.byteLength(JSON.stringify(claims)) > MAX_CLAIMS_BYTES) {
    throw new CaError('bad_request', `labels and services take more than ${MAX_CLAIMS_BYTES} bytes`);
  }
  try {
    return { id: formatSpiffeId({ trustDomain, namespace, serviceAccount }), claims };
  } catch (error) {
    throw new CaError('bad_request', error instanceof Error ? error.message : 'no SPIFFE ID', error);
  }
}

function qualifiedService(service: string, namespace: string): string {
  if (typeof service !== 'string' || !SERVICE.test(service))
    throw new CaError('bad_request', `${JSON.stringify(service)} is no service name`);
  return service.includes('.') ? service : `${service}.${namespace}`;
}

function labelsOf({ labels, serviceAccount }: WorkloadIdentity, firstService: string | undefined): WorkloadLabels {
  for (const [name, value] of Object.entries(labels)) {
    if (!LABEL_NAME.test(name)) throw new CaError('bad_request', `${JSON.stringify(name)} is no label name`);
    if (typeof value !== 'string' || !LABEL_VALUE.test(value))
      throw new CaError('bad_request', `label ${name} has no usable value`);
  }
  const app = labels['app'] ?? firstService?.split('.')[0] ?? serviceAccount;
  const workload = labels['workload'] ?? (labels['version'] ? `${app}-${labels['version']}` : app);
  return { ...labels, app, workload };
}
