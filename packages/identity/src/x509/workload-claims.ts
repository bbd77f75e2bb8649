import type { WorkloadLabels } from '@lateen/core';
import { TAG } from '../der/asn1.ts';
import { utf8String } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { decodeExtension, type Extension, extension } from './extension.ts';
import { OID } from './oids.ts';

/** What the authority says of a workload beside its ID: JSON in a non-critical extension. */
export interface WorkloadClaims {
  readonly labels: WorkloadLabels | undefined;
  /** Services it may register: `reviews.default`. */
  readonly services: readonly string[];
}

export const MAX_CLAIMS_BYTES = 4096;
export const NO_CLAIMS: WorkloadClaims = { labels: undefined, services: [] };

export function workloadClaims(claims: WorkloadClaims): Extension {
  return extension(OID.workloadClaims, false, utf8String(JSON.stringify(claims)));
}

/** @throws {DerError} when it is not in our shape; unknown members are let be. */
export function readWorkloadClaims(value: Buffer): WorkloadClaims {
  if (value.length > MAX_CLAIMS_BYTES + 4) throw new DerError('oversized workload claims');
  const node = decodeExtension(value);
  if (node.tag !== TAG.utf8String) throw new DerError('workload claims that are no UTF8String');
  const json = parseJson(node.content.toString('utf8'));
  if (!isRecord(json)) throw new DerError('workload claims that are no JSON object');
  return { labels: readLabels(json['labels']), services: readServices(json['services']) };
}

function readLabels(value: unknown): WorkloadLabels | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new DerError('labels that are no object');
  const labels: Record<string, string> = Object.create(null);
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new DerError('a label that is no text');
    labels[name] = text;
  }
  const { app, workload } = labels;
  if (app === undefined || workload === undefined) throw new DerError('labels without app or workload');
  return Object.freeze({ ...labels, app, workload });
}

function readServices(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((service) => typeof service === 'string')) {
    throw new DerError('services that are no list of names');
  }
  return Object.freeze([...(value as string[])]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DerError('workload claims that are no JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
